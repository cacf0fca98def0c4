//! What somebody does at another panel, which is not in this process.

use super::App;
use crate::action::Action;

impl App {
    /// Does it as the keys of this panel would.
    ///
    /// # Errors
    /// A sentence that says why it is not done.
    pub(in crate::cli::tui) fn act_from_outside(&mut self, action: &Action) -> Result<(), String> {
        if self.caption.is_some() {
            return Err(format!("`{action}`: the panel plays its show (--attract), and no act works it"));
        }
        match action {
            Action::Press(key) => match self.monitor.press(*key) {
                Ok(true) => {}
                Ok(false) if !self.monitor.machine().has_power() => {
                    return Err(format!("`{action}` is ineffective: the power is off"));
                }
                Ok(false) => {
                    return Err(format!("`{action}` is ineffective: {}", self.monitor.debugger.state()));
                }
                Err(error) => return Err(format!("`{action}`: {error}")),
            },
            Action::PowerOn { .. } if self.monitor.machine().has_power() => {
                return Err(format!("`{action}` is ineffective: the power is on"));
            }
            Action::PowerOff if !self.monitor.machine().has_power() => {
                return Err(format!("`{action}` is ineffective: the power is off"));
            }
            Action::PowerOff => {
                self.monitor.leave_scripts();
                self.multiple_step = None;
                let done = self.monitor.debugger.act(action);
                self.monitor.debugger.stop();
                done.map_err(|error| format!("`{action}`: {error}"))?;
            }
            _ => self.monitor.debugger.act(action).map_err(|error| format!("`{action}`: {error}"))?,
        }
        if self.monitor.debugger.is_going() {
            if matches!(action, Action::Press(_)) {
                self.until = None;
            }
        } else {
            self.stands();
        }
        self.message = format!("{action}: done at another panel");
        Ok(())
    }
}
