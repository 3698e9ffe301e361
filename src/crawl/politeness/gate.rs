//! How a request gets its turn: origin and addresses together, by the clock, within the budgets.

use super::budget::{Budget, Spent};
use super::host::{Address, Host};
use super::pass::Pass;
use super::shared::{self, Shared, Turn, Want};
use super::{interval, lock, told};
use crate::config::{Config, Hours};
use crate::crawl::fetch::Failure;
use crate::crawl::fetch::names::{self, Way};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::time::Instant;

/// A request that has to open its connection arrives later than it leaves: the next one waits until the connection stands, but no longer
/// than the time to connect, or than this where the rate is high.
const OPENING: Duration = Duration::from_millis(250);
/// Intervals below this are a high rate.
const SHORT: Duration = Duration::from_millis(15);
/// While the clock forbids requests, it is looked at so often: it may be set.
const CLOCK_LOOKS: Duration = Duration::from_secs(30);
/// Locks of the shared gates that cannot be had for so long are given up: some process has been stopped while it held one.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// Most entries of origins and addresses before idle ones are dropped.
const MOST_IDLE: usize = 20_000;

/// What all requests of a run share.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) config: Config,
    pub(super) hours: Hours,
    pub(super) clock: fn() -> Timestamp,
    pub(super) paced: bool,
    pub(super) shared: OnceLock<Option<Shared>>,
    /// Set when the shared gates failed: from then on this run goes alone.
    pub(super) alone: OnceLock<()>,
    /// Set when the requests of these gates go before those of others.
    pub(super) ahead: OnceLock<()>,
    pub(super) budget: Budget,
    pub(super) spent: Mutex<Spent>,
    pub(super) hosts: Mutex<HashMap<String, Arc<Host>>>,
    pub(super) addresses: Mutex<HashMap<String, Arc<Address>>>,
    pub(super) told: told::Told,
    pub(super) began: Instant,
    pub(super) paused: Mutex<Paused>,
}

/// Pauses by the clock: those that are over, and when the present one began.
#[derive(Debug, Default)]
pub(super) struct Paused {
    pub(super) total: Duration,
    pub(super) since: Option<Instant>,
}

impl Gate {
    pub(super) fn host(&self, url: &CanonicalUrl) -> Arc<Host> {
        let mut hosts = lock(&self.hosts);
        if hosts.len() >= MOST_IDLE {
            hosts.retain(|_, host| Arc::strong_count(host) > 1 || !host.is_plain());
        }
        let new = || {
            let name = url.host();
            let budget = Budget::of_host(&self.config, &url.origin());
            Arc::new(Host::new(interval(self.config.rate_for(name)), self.config.at_once_for(name), budget))
        };
        hosts.entry(url.origin()).or_insert_with(new).clone()
    }

    pub(super) fn address(&self, key: &str, at_once: u32) -> Arc<Address> {
        let mut addresses = lock(&self.addresses);
        if addresses.len() >= MOST_IDLE {
            addresses.retain(|_, address| Arc::strong_count(address) > 1);
        }
        let at_once = at_once.max(self.config.at_once).saturating_mul(2);
        addresses.entry(key.to_owned()).or_insert_with(|| Arc::new(Address::new(at_once))).clone()
    }

    /// Time of the run without its pauses by the clock.
    pub(super) fn active(&self, now: Instant) -> Duration {
        let paused = lock(&self.paused);
        let since = paused.since.map(|since| now.saturating_duration_since(since));
        now.saturating_duration_since(self.began).saturating_sub(paused.total + since.unwrap_or_default())
    }

    /// What a busy machine takes to hand a request over would show at the server as two requests too near: a fiftieth more keeps the
    /// rate below the allowed one in every window.
    fn margin(&self, interval: Duration) -> Duration {
        if self.paced { interval + interval / 50 } else { Duration::ZERO }
    }

    fn wait(&self, host: &Host, now: Instant) -> Option<Duration> {
        lock(&host.state).wait(now, |interval| self.margin(interval))
    }

    pub(super) fn refusal(&self, host: &Host) -> Option<Failure> {
        let now = Instant::now();
        let active = self.active(now);
        let state = lock(&host.state);
        let shut = state
            .shut
            .filter(|(until, _)| *until > now)
            .map(|(_, wanted)| Failure::new(Reason::HostGivenUp, format!("429, Retry-After {} s", wanted.as_secs())));
        shut.or_else(|| self.budget.spent(&lock(&self.spent), active)).or_else(|| host.budget.spent(&state.spent, active))
    }

    pub(super) async fn pass(self: Arc<Self>, url: &CanonicalUrl, way: &Way, fresh: bool) -> Result<Pass, Failure> {
        let host = self.host(url);
        if let Some(failure) = self.refusal(&host) {
            return Err(failure);
        }
        let port = way.real_port.unwrap_or_else(|| names::port_of(url));
        let mut keys: Vec<String> = way.addresses.iter().map(|address| address_key(*address, port)).collect();
        keys.sort_unstable();
        keys.dedup();
        let at_once = self.config.at_once_for(url.host());
        let addresses: Vec<Arc<Address>> = keys.iter().map(|key| self.address(key, at_once)).collect();
        let mut room = Vec::with_capacity(1 + addresses.len());
        // First the origin's, then the addresses' in order: nobody waits in a circle.
        for semaphore in std::iter::once(&host.room).chain(addresses.iter().map(|address| &address.room)) {
            room.extend(semaphore.clone().acquire_owned().await);
        }
        // Two processes that talk to different servers of this machine under the same names are no concern of one another.
        let at_home = way.addresses.first().filter(|address| address.is_loopback());
        let origin = match at_home {
            Some(address) => format!("{} @ {}", url.origin(), SocketAddr::new(*address, port)),
            None => url.origin(),
        };
        let step = self.margin(interval(self.config.rate_for(url.host()).max(self.config.rate)) / 2);
        let ahead = self.ahead.get().is_some();
        let want = |key: String, interval: Duration, at_once: u32| Want { key, interval, slack: Duration::ZERO, at_once, ahead };
        let mut wants = vec![want(origin, Duration::ZERO, at_once)];
        let most = at_once.max(self.config.at_once).saturating_mul(2);
        wants.extend(keys.into_iter().map(|key| want(key, step, most)));
        let mut pass = Pass {
            gate: self.clone(),
            host: host.clone(),
            addresses,
            wants,
            is_shared: false,
            released: Instant::now(),
            number: 0,
            cold: false,
            arrived: OnceLock::new(),
            heard: OnceLock::new(),
            ended: OnceLock::new(),
            _room: room,
        };
        self.turn(&mut pass, fresh).await?;
        Ok(pass)
    }

    /// Waits for the moment at which origin and addresses are open together, and takes it.
    async fn turn(&self, pass: &mut Pass, fresh: bool) -> Result<(), Failure> {
        let (host, addresses) = (pass.host.clone(), pass.addresses.clone());
        let _first_of_host = host.queue.lock().await;
        let mut busy: Option<Instant> = None;
        loop {
            self.hours(&host).await?;
            if let Some(left) = self.wait(&host, Instant::now()) {
                self.sleep(&host, left).await?;
                continue;
            }
            // Nobody stands in these queues but who waits for nothing else.
            let mut first_of_address = Vec::with_capacity(addresses.len());
            for address in &addresses {
                first_of_address.push(address.queue.lock().await);
            }
            let (left, of_host) = loop {
                let now = Instant::now();
                if self.wait(&host, now).is_some() || !self.hours.is_open((self.clock)()) {
                    break (Duration::ZERO, true);
                }
                if let Some(left) = addresses.iter().filter_map(|address| address.wait(now)).max() {
                    self.sleep(&host, left).await?;
                    continue;
                }
                match self.take(pass, fresh)? {
                    Turn::Now => return Ok(()),
                    Turn::Wait(left, at) => {
                        busy = None;
                        break (left, at == 0);
                    }
                    Turn::Busy => {
                        if busy.get_or_insert(now).elapsed() > LOCK_PATIENCE {
                            self.go_alone("locked");
                        }
                        break (Duration::from_millis(2), false);
                    }
                }
            };
            if of_host {
                drop(first_of_address);
            }
            self.sleep(&host, left).await?;
        }
    }

    /// The last look, and the taking, in one step: no wait lies between them.
    fn take(&self, pass: &mut Pass, fresh: bool) -> Result<Turn, Failure> {
        if let Some(failure) = self.refusal(&pass.host) {
            return Err(failure);
        }
        let mut state = lock(&pass.host.state);
        let now = Instant::now();
        let cold = fresh || !state.has_connection(now);
        let interval = self.margin(state.pace.interval());
        pass.wants[0].interval = interval;
        let slack = match interval {
            _ if !cold || !self.paced => Duration::ZERO,
            short if short < SHORT => OPENING,
            _ => Duration::try_from_secs_f64(self.config.connect_timeout).unwrap_or(OPENING).max(OPENING),
        };
        pass.wants.iter_mut().for_each(|want| want.slack = slack);
        if let Some(shared) = self.shared() {
            let most = Duration::try_from_secs_f64(self.config.timeout + self.config.connect_timeout).unwrap_or(OPENING);
            match shared.take(&pass.wants, most) {
                Ok(Turn::Now) => pass.is_shared = true,
                Ok(not_yet) => return Ok(not_yet),
                Err(error) => self.go_alone(&error.to_string()),
            }
        }
        if !cold {
            state.take_connection();
        }
        let active = self.active(now);
        state.spent.request(active);
        lock(&self.spent).request(active);
        state.released(now, pass.wants[0].slack);
        (pass.released, pass.cold, pass.number) = (now, cold, state.number);
        for (address, want) in pass.addresses.iter().zip(&pass.wants[1..]) {
            address.released(now, want.interval, want.slack);
        }
        Ok(Turn::Now)
    }

    pub(super) fn shared(&self) -> Option<&Shared> {
        if !self.paced || self.alone.get().is_some() {
            return None;
        }
        let open = || {
            let folder = match self.config.shared_gates.trim() {
                "none" => return None,
                "" => shared::user_folder(&|name| std::env::var_os(name)),
                folder => Some(folder.into()),
            };
            let opened = folder.as_deref().map(Shared::open);
            match opened {
                Some(Ok(shared)) => Some(shared),
                Some(Err(error)) => {
                    self.go_alone(&format!("{}: {error}", folder.unwrap_or_default().display()));
                    None
                }
                None => {
                    self.go_alone("HOME");
                    None
                }
            }
        };
        self.shared.get_or_init(open).as_ref()
    }

    /// Without the shared gates the rate of this process still holds; that of several together does not.
    fn go_alone(&self, why: &str) {
        if self.alone.set(()).is_ok() {
            self.told.say(format!(
                "本机各进程无法共用限速（{why}）：本次运行单独限速；请勿同时运行多个进程，或用 shared_gates 指定可写目录 / the processes of \
                 this machine cannot share their gates ({why}): this run keeps its own rate; run one process at a time, or name a \
                 writable folder as shared_gates"
            ));
        }
    }

    /// Notes that the clock forbids requests; true for the first that finds out.
    fn begin_pause(&self) -> bool {
        let mut paused = lock(&self.paused);
        let first = paused.since.is_none();
        paused.since.get_or_insert_with(Instant::now);
        first
    }

    /// Waits while the clock forbids requests.
    async fn hours(&self, host: &Host) -> Result<(), Failure> {
        loop {
            let clock = (self.clock)();
            if self.hours.is_open(clock) {
                break;
            }
            let opens = self.hours.opens(clock);
            // A pause is told once, not by every request that waits in it.
            if self.begin_pause() {
                let until = opens.map(|at| at.to_zoned(crate::clock::shanghai()).strftime("%Y-%m-%d %H:%M").to_string());
                let until = until.unwrap_or_default();
                self.told.say(format!(
                    "安静时段，暂停到 {until}（北京时间），之后自动继续 / quiet hours: paused until {until} (Beijing time), then going on"
                ));
            }
            let left = opens.map_or(CLOCK_LOOKS, |at| Duration::from_secs(at.as_second().abs_diff(clock.as_second())));
            tokio::time::sleep(left.clamp(Duration::from_millis(10), CLOCK_LOOKS)).await;
            if let Some(failure) = self.refusal(host) {
                return Err(failure);
            }
        }
        let mut paused = lock(&self.paused);
        if let Some(since) = paused.since.take() {
            paused.total += since.elapsed();
            drop(paused);
            self.told.say("暂停结束，继续抓取 / the pause is over, going on".to_owned());
        }
        Ok(())
    }

    /// Sleeps, but not beyond the time that the budgets leave.
    async fn sleep(&self, host: &Host, time: Duration) -> Result<(), Failure> {
        let now = Instant::now();
        let active = self.active(now);
        let run = self.budget.left(&lock(&self.spent), active);
        let own = host.budget.left(&lock(&host.state).spent, active);
        let left = [run, own].into_iter().flatten().min();
        // The timer counts whole milliseconds; one more keeps the gap on the long side.
        let time = if time.is_zero() { time } else { time + Duration::from_millis(1) };
        tokio::time::sleep(left.map_or(time, |left| left.min(time))).await;
        self.refusal(host).map_or(Ok(()), Err)
    }
}

/// On this machine every port is a server of its own; elsewhere an address is one machine, whatever its ports.
pub(super) fn address_key(address: IpAddr, port: u16) -> String {
    let address = address.to_canonical();
    if address.is_loopback() { SocketAddr::new(address, port).to_string() } else { address.to_string() }
}
