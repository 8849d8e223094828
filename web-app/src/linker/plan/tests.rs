//! Plans of small components, written by hand, and of whatever is thrown at them.

use super::*;
use plugin_host::Limits;

#[test]
fn real() {
    for name in std::fs::read_dir("/tmp/wt/tabcomp/plugins").unwrap().chain(std::fs::read_dir("/tmp/wt/tabcomp/hostile").unwrap()) {
        let path = name.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let start = std::time::Instant::now();
        match plan(&bytes, &Limits::default()) {
            Ok(plan) => println!("{path:?} {:?} modules {} instances {} mem {} {:?}", start.elapsed(), plan.modules.len(), plan.instances.len(), plan.memory_bytes, plan.detect),
            Err(why) => println!("{path:?} {:?} {why}", start.elapsed()),
        }
    }
}
