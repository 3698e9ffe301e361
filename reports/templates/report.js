(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var all = function (selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); };
  var one = function (id) { return document.getElementById(id); };
  var store = {
    get: function (key) { try { return localStorage.getItem("xuncha:" + key); } catch (e) { return null; } },
    set: function (key, value) { try { if (value) localStorage.setItem("xuncha:" + key, value); else localStorage.removeItem("xuncha:" + key); } catch (e) { /* private mode */ } }
  };

  // Language: the radio buttons do the work by style; this keeps attributes that style cannot reach in step.
  var english = function () { return one("lang-en").checked; };
  function speak() {
    var key = english() ? "data-en" : "data-zh";
    root.lang = english() ? "en" : "zh-CN";
    all("[data-zh]").forEach(function (node) {
      var text = node.getAttribute(key);
      if (node.tagName === "INPUT") node.placeholder = text; else node.textContent = text;
    });
    filter();
  }
  all("input[name=lang]").forEach(function (radio) {
    radio.addEventListener("change", function () { store.set("lang", english() ? "en" : "zh"); speak(); });
  });
  var chosen = store.get("lang");
  if (chosen) one(chosen === "en" ? "lang-en" : "lang-zh").checked = true;

  // Findings and their filter.
  var findings = all(".finding").map(function (node) {
    return { node: node, text: node.textContent.toLowerCase() + " " + (node.querySelector(".url a") || { href: "" }).href.toLowerCase() };
  });
  var fields = { severity: one("by-severity"), certainty: one("by-certainty"), cause: one("by-cause"), rule: one("by-rule"), unit: one("by-unit") };
  function filter() {
    if (!one("filter")) return;
    var words = one("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    var hideDone = one("hide-done").checked;
    var shown = 0;
    findings.forEach(function (finding) {
      var node = finding.node;
      var fits = Object.keys(fields).every(function (name) {
        return !fields[name] || !fields[name].value || node.dataset[name] === fields[name].value;
      }) && words.every(function (word) { return finding.text.indexOf(word) >= 0; })
        && !(hideDone && node.classList.contains("is-done"));
      node.hidden = !fits;
      if (fits) shown += 1;
    });
    all(".rule, .cause").forEach(function (group) {
      var left = all(".finding", group).filter(function (node) { return !node.hidden; }).length;
      group.hidden = left === 0;
      var count = group.querySelector(".count");
      if (count) count.textContent = left;
    });
    one("no-match").hidden = shown > 0;
    var done = all(".finding.is-done").length;
    one("shown").textContent = english()
      ? shown + " of " + findings.length + " shown" + (done ? ", " + done + " mended" : "")
      : "显示 " + shown + " / " + findings.length + (done ? "，已改 " + done : "");
  }
  if (one("filter")) {
    one("filter").addEventListener("input", filter);
    one("filter").addEventListener("submit", function (event) { event.preventDefault(); });
    one("reset").addEventListener("click", function () { one("filter").reset(); filter(); one("q").focus(); });
    one("open-all").addEventListener("click", function () {
      var nodes = findings.map(function (f) { return f.node; }).filter(function (node) { return !node.hidden; });
      var open = !nodes.every(function (node) { return node.open; });
      nodes.forEach(function (node) { node.open = open; });
    });
  }

  // What was mended, noted by fingerprint in this browser only.
  all("[data-done]").forEach(function (box) {
    var node = box.closest(".finding");
    var key = "done:" + node.dataset.unit + ":" + node.dataset.fingerprint;
    box.checked = store.get(key) === "1";
    node.classList.toggle("is-done", box.checked);
    box.addEventListener("change", function () {
      store.set(key, box.checked ? "1" : "");
      node.classList.toggle("is-done", box.checked);
      filter();
    });
  });
  all("[data-todo]").forEach(function (line) {
    var key = "todo:" + line.dataset.todo;
    all("input", line).forEach(function (box) {
      box.checked = store.get(key) === box.value;
      box.addEventListener("change", function () {
        all("input", line).forEach(function (other) { if (other !== box) other.checked = false; });
        store.set(key, box.checked ? box.value : "");
      });
    });
  });

  // Copying, also where the clipboard needs the old way.
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    return new Promise(function (resolve, reject) {
      var area = document.createElement("textarea");
      area.value = text;
      area.className = "off-screen";
      document.body.appendChild(area);
      area.select();
      var worked = document.execCommand("copy");
      area.remove();
      if (worked) resolve(); else reject(new Error("copy"));
    });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-copy]") : null;
    if (!button) return;
    copy(button.dataset.copy).then(function () {
      button.classList.add("copied");
      setTimeout(function () { button.classList.remove("copied"); }, 1200);
    }, function () { button.classList.add("not-copied"); });
  });

  // A link to a finding opens it, whatever the filter says.
  function arrive() {
    var node = location.hash.length > 1 ? one(decodeURIComponent(location.hash.slice(1))) : null;
    if (!node) return;
    if (node.classList.contains("finding")) {
      if (node.hidden) { one("filter").reset(); filter(); }
      node.open = true;
    }
    node.scrollIntoView();
  }
  window.addEventListener("hashchange", arrive);
  window.addEventListener("beforeprint", function () { all("details").forEach(function (node) { node.open = true; }); });

  speak();
  arrive();
})();
