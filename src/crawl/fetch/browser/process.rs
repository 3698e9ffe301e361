//! The browser as processes: started with every way to the network shut, ended with all that they started.
//!
//! A shell stands between: it hands the pipes over as the browser wants them, and removes the profile when the browser is gone, even
//! if we were killed. A browser that hears nothing more from its pipe ends by itself; one that does not is killed with its group, which
//! is ours alone.

use super::Broken;
use super::pipe::Pipe;
use std::ffi::OsString;
use std::fs;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Runs the browser between the pipes, then removes its folder.
const SHELL: &str = r#"folder=$1; shift; "$@" 3<&0 4>&1 </dev/null >/dev/null; rm -rf -- "$folder""#;
/// How it is started: without a window, without anything that it would ask of the network by itself, and without a way there.
const FLAGS: [&str; 34] = [
    "--headless",
    "--remote-debugging-pipe",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-features=Translate,MediaRouter,OptimizationHints,DialMediaRouteProvider,IsolateOrigins,site-per-process,HttpsUpgrades,\
     HttpsFirstBalancedMode,HttpsFirstBalancedModeAutoEnable,HttpsFirstModeV2,AutoupgradeMixedContent",
    "--disable-site-isolation-trials",
    "--hide-scrollbars",
    "--js-flags=--max-old-space-size=512",
    "--lang=zh-CN",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    "--use-mock-keychain",
    "--window-size=1280,900",
];
/// A browser that nobody speaks to any more has gone by then.
const GOES: Duration = Duration::from_secs(3);
/// Most memory of its own that it may take, all its processes together.
const MOST_MEMORY: u64 = 1_536 << 20;

/// A running browser with its folder.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    folder: PathBuf,
    ended: bool,
}

impl Process {
    /// Starts it.
    pub(super) fn start(command: &Path) -> std::io::Result<(Self, Pipe)> {
        let folder = new_folder()?;
        Self::start_in(command, &folder).inspect_err(|_| {
            let _ = fs::remove_dir_all(&folder);
        })
    }

    fn start_in(command: &Path, folder: &Path) -> std::io::Result<(Self, Pipe)> {
        let log = fs::File::create(folder.join("log"))?;
        let mut profile = OsString::from("--user-data-dir=");
        profile.push(folder.join("profile"));
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SHELL, "sh"]).arg(folder).arg(command).args(FLAGS).arg(profile);
        // As root its sandbox cannot be set up; for anybody else it can, and is.
        if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
            shell.arg("--no-sandbox");
        }
        shell.arg("about:blank");
        for name in ["HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] {
            shell.env(name, folder);
        }
        // There is no desktop that it should talk to.
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"] {
            shell.env_remove(name);
        }
        shell.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log).process_group(0);
        let mut child = shell.spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take());
        let process = Process { child, folder: folder.to_owned(), ended: false };
        match pipes {
            (Some(stdin), Some(stdout)) => Ok((process, Pipe::of(stdin, stdout)?)),
            _ => Err(std::io::Error::other("no pipes")),
        }
    }

    /// The last line that it wrote about itself.
    pub(super) fn said(&self) -> String {
        let read = || -> std::io::Result<String> {
            let mut log = fs::File::open(self.folder.join("log"))?;
            let length = log.metadata()?.len();
            log.seek(SeekFrom::Start(length.saturating_sub(4_096)))?;
            let mut text = Vec::new();
            log.read_to_end(&mut text)?;
            Ok(String::from_utf8_lossy(&text).into_owned())
        };
        let text = read().unwrap_or_default();
        let line = text.lines().rev().find(|line| !line.trim().is_empty() && !line.contains("/dbus/")).unwrap_or_default();
        line.trim().chars().take(300).collect()
    }

    /// An error when it takes more memory than it may.
    pub(super) fn check_memory(&self) -> Result<(), Broken> {
        if memory_of_group(self.child.id()) > MOST_MEMORY { Err(Broken::Memory) } else { Ok(()) }
    }

    /// Waits until it has gone, and makes it go when it does not. Its pipe has to be closed before.
    pub(super) async fn end(mut self) {
        let until = Instant::now() + GOES;
        while !self.has_gone() && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.kill();
    }

    fn has_gone(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)) | Err(_))
    }

    /// Kills what is left of it.
    fn kill(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        if !self.has_gone() {
            // The shell has kill built in; the group bears the number of our child, which has not been waited for, so it is still its.
            let group = format!("kill -KILL -{}", self.child.id());
            let _ = Command::new("/bin/sh").args(["-c", &group]).stdin(Stdio::null()).stderr(Stdio::null()).status();
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Process {
    /// Also when a panic passes by.
    fn drop(&mut self) {
        self.kill();
    }
}

/// A folder that nobody else can look into, with a short name: a socket stands in it.
fn new_folder() -> std::io::Result<PathBuf> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    for _ in 0..1_000 {
        let name = format!("xuncha-browser-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            made => return made.map(|()| folder),
        }
    }
    Err(std::io::Error::from(ErrorKind::AlreadyExists))
}

/// Memory that the processes of a group share with nobody. None where the system does not tell.
fn memory_of_group(group: u32) -> u64 {
    let Ok(processes) = fs::read_dir("/proc") else { return 0 };
    let numbers = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let of_group = numbers.filter(|number| {
        let stat = fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
        // Behind the name, which may hold anything: state, parent, group.
        let field = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(2)?.parse::<u32>().ok());
        field == Some(group)
    });
    let own = |number: u32| {
        let status = fs::read_to_string(format!("/proc/{number}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
    };
    of_group.filter_map(own).sum()
}
