//! What a plugin says of itself, what it asks for, and its options. All of its text is an outsider's.

use crate::kit::format::{bytes, visible};
use crate::kit::words::{tr, tr_known, tr_with};
use crate::protocol::{Card, Choice, Setting, Together};
use crate::state::{App, written};
use leptos::prelude::*;
use plugin_host::settings;

/// The card.
#[component]
pub fn CardView(
    /// The plugin's number on this page.
    number: u32,
    /// What it is.
    card: Card,
) -> impl IntoView {
    let Card { profile, digest, size, contract, imports } = card;
    let title = format!("{} {}", visible(&profile.name), visible(&profile.version));
    let select = if profile.select.is_empty() { tr("every event").to_owned() } else { visible(&profile.select) };
    let grouping = match &profile.grouping {
        Together::Each => tr("each event alone").to_owned(),
        Together::By(fields) => tr_with("events with the same {}", &[&listed(fields)]),
        Together::All => tr("all of them together").to_owned(),
    };
    let asks = if imports.is_empty() { tr("nothing").to_owned() } else { format!("log ({})", listed(&imports)) };
    let attack: Vec<String> = profile.tactics.iter().chain(&profile.techniques).cloned().collect();
    let facts = [
        (tr("Id"), visible(&profile.id)),
        (tr("Severity"), tr_known(&visible(&profile.severity))),
        ("ATT&CK", listed(&attack)),
        (tr("Selects"), select),
        (tr("Reads"), listed(&profile.fields)),
        (tr("Looks at"), grouping),
        (tr("Asks of this page"), asks),
        (tr("Contract"), contract),
        (tr("File"), bytes(size)),
        ("SHA-256", digest),
    ];
    let fact = |(name, value): (&'static str, String)| {
        (!value.is_empty()).then(|| {
            view! {
                <div class="plugin-fact">
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    let options = profile.options.into_iter().enumerate();
    view! {
        <h3 class="plugin-name">{title}</h3>
        <p class="plugin-description">{visible_lines(&profile.description)}</p>
        <dl class="plugin-facts">{facts.map(fact).collect_view()}</dl>
        <Texts title=tr("What else could explain a finding") texts=profile.false_positives />
        <Texts title=tr("To read") texts=profile.references />
        <div class="plugin-options">
            {options.map(|(place, choice)| view! { <OptionInput number place choice /> }).collect_view()}
        </div>
    }
}

#[component]
fn Texts(title: &'static str, texts: Vec<String>) -> impl IntoView {
    let item = |text: &String| view! { <li>{visible(text)}</li> };
    (!texts.is_empty()).then(|| {
        view! {
            <h4 class="plugin-part">{title}</h4>
            <ul class="plugin-texts">{texts.iter().map(item).collect_view()}</ul>
        }
    })
}

#[component]
fn OptionInput(number: u32, place: usize, choice: Choice) -> impl IntoView {
    let app = App::of_page();
    let wrong = Memo::new(move |_| app.of_plugin(number, |plugin| plugin.value(place).err()).flatten());
    let typed = Memo::new(move |_| {
        app.of_plugin(number, |plugin| plugin.typed.get(place).cloned()).flatten().unwrap_or_default()
    });
    let id = format!("plugin-{number}-option-{}", choice.name);
    let help = format!("{id}-help");
    let kind = settings::kind(&choice.default.clone().into());
    let input = match choice.default {
        Setting::Flag(_) => view! {
            <input
                type="checkbox"
                id=id.clone()
                aria-describedby=help.clone()
                prop:checked=move || typed.get() == "true"
                on:change=move |event| app.set_option(number, place, event_target_checked(&event).to_string())
            />
        }
        .into_any(),
        _ => view! {
            <input
                type="text"
                id=id.clone()
                autocomplete="off"
                aria-describedby=help.clone()
                aria-invalid=move || if wrong.get().is_some() { "true" } else { "false" }
                prop:value=move || typed.get()
                on:input=move |event| app.set_option(number, place, event_target_value(&event))
            />
        }
        .into_any(),
    };
    let commas = if matches!(choice.default, Setting::Texts(_)) { tr(", with commas between") } else { "" };
    // What is typed in stays as it is: where that hides something, it is told beside it.
    let default = written(&choice);
    let told = visible(&default);
    let hides = if told == default { String::new() } else { tr_with("; by default {}", &[&told]) };
    let description = format!("{} ({}{commas}{hides})", visible(&choice.description), tr(kind));
    view! {
        <div class="plugin-option">
            <label for=id>{visible(&choice.name)}</label>
            {input}
            <p class="plugin-help" id=help>
                {description}
                {move || wrong.get().map(|why| view! { <span class="plugin-wrong">{format!(" {}", visible(&why))}</span> })}
            </p>
        </div>
    }
}

fn listed(texts: &[String]) -> String {
    texts.iter().map(|text| visible(text)).collect::<Vec<_>>().join(", ")
}

/// A description may have line feeds, which mean nothing here.
fn visible_lines(text: &str) -> String {
    visible(&text.replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::visible;
    use analyzer_core::export::escape::is_dangerous;

    #[test]
    fn what_is_escaped_elsewhere_is_escaped_here() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert_eq!(visible(&text) != text, is_dangerous(c), "{:x}", u32::from(c));
        }
    }
}
