//! Signals that ask the process to end: Ctrl-C (SIGINT), SIGTERM, and SIGHUP when its terminal goes away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Signals that come so soon after the first are one wish: a shell that ends passes on what its terminal has sent already.
const ONE_WISH: Duration = Duration::from_secs(1);

/// A flag that an interrupt sets. What must be finished then is finished; an interrupt later than a second after the first
/// ends the process at once, unless the flag was taken back meanwhile.
pub(crate) fn interrupts() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    let mut first = Instant::now();
    // A second handler in one process cannot be set; then Ctrl-C ends it at once, as usual.
    let _ = ctrlc::set_handler(move || {
        if !flag.swap(true, Ordering::Relaxed) {
            first = Instant::now();
        } else if first.elapsed() > ONE_WISH {
            std::process::exit(130);
        }
    });
    interrupted
}
