// broken-link-checker as a peer of scripts/bench/run: blc_peer.js PACKAGE BASE CONNECTIONS; prints `DEAD REASON URL` lines.
const { SiteChecker } = require(process.argv[2]);
const base = process.argv[3];
const connections = +process.argv[4];
let pages = 0;
let links = 0;
const dead = new Map();
const checker = new SiteChecker(
  {
    excludeExternalLinks: false, filterLevel: 1, honorRobotExclusions: false, maxSockets: connections, maxSocketsPerHost: connections,
    rateLimit: 0, cacheResponses: true, requestMethod: "head", excludedSchemes: ["data", "geo", "javascript", "mailto", "sms", "tel"],
  },
  {
    html: () => { pages++; },
    link: (result) => {
      links++;
      if (result.broken) dead.set(result.url.resolved || result.url.original, result.brokenReason);
    },
    end: () => {
      for (const [url, reason] of dead) console.log("DEAD", reason, url);
      console.log("pages", pages, "links", links, "dead", dead.size);
    },
  },
);
checker.enqueue(base + "/");
