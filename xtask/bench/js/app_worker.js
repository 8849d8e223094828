// Runs in a bare page of the site's origin, without a policy. Starts one of the app's workers there, and returns what
// hands it files, a query and questions. Stands alone: the driver sends it to the page as text.
export async function startAppWorker(site) {
  // The version of the messages that are spoken here: see web-app/src/protocol/message.rs.
  const VERSION = 11;
  // As the end of web-app/boot.js: the worker waits for the compiled module.
  const START = "\nonmessage = ({ data }) => { onmessage = null; wasm_bindgen({ module_or_path: data }); };";

  const page = new DOMParser().parseFromString(await (await fetch(site)).text(), "text/html");
  const names = JSON.parse(page.querySelector('meta[name="parts"]').content);
  const load = (name) => fetch(new URL(names[name], site));
  const module = await WebAssembly.compileStreaming(load("web-app_bg.wasm"));
  const glue = await (await load("web-app.js")).text();
  const worker = new Worker(URL.createObjectURL(new Blob([glue, START], { type: "text/javascript" })));

  // Calls `heard` with each message until it returns something.
  const until = (heard) =>
    new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(`the app's worker failed: ${event.message}`));
      worker.onmessage = ({ data }) => {
        try {
          const found = heard(data);
          if (found !== undefined) resolve(found);
        } catch (error) {
          reject(error);
        }
      };
    });

  const ready = until((message) => message.Ready);
  worker.postMessage(module);
  const version = await ready;
  if (version !== VERSION) throw new Error(`the app's worker speaks version ${version}, the benchmark ${VERSION}`);

  let number = 0;
  let ordinal = 0;
  return {
    // Reads files; what it counted, and whether it left some of them because memory ran out.
    async read(files) {
      const counts = { records: 0, kept: 0, ranOut: false };
      const done = until((message) => {
        if (message === "BatchDone") return counts;
        counts.ranOut ||= message === "NoMemory";
        for (const account of message.Progress?.closed ?? []) {
          counts.records += Number(account.seen);
          counts.kept += Number(account.kept);
        }
      });
      const entry = (handle) => ({ ordinal: ordinal++, path: handle.name, size: handle.size, handle });
      worker.postMessage({ Read: files.map(entry) });
      return done;
    },

    // Answers from now on are about the events that match.
    set(query) {
      worker.postMessage({ Filter: [++number, { query, now_ms: null, range: null, ids: null }] });
    },

    // Asks all at once; their answers in the same order.
    async ask(questions) {
      const answers = new Map();
      const first = number + 1;
      number += questions.length;
      const done = until((message) => {
        if (message.Answer) answers.set(message.Answer[0] - first, message.Answer[1]);
        if (answers.size === questions.length) return questions.map((_, at) => answers.get(at));
      });
      questions.forEach((question, at) => worker.postMessage({ Ask: [first + at, question] }));
      return done;
    },
  };
}
