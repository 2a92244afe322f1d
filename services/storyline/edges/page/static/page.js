// Two conveniences, both on top of a page that is whole without them: a citation shows its source on hover and focus,
// and a page that changes on the server changes here, until it is paused.
"use strict";

(() => {
  const main = () => document.getElementById("main");

  // ---- citations

  let card = null;
  let owner = null;
  let closing = 0;

  function hide() {
    clearTimeout(closing);
    if (!card) return;
    card.remove();
    owner.removeAttribute("aria-describedby");
    owner.title = owner.dataset.title || "";
    card = owner = null;
  }

  function show(link) {
    clearTimeout(closing);
    if (owner === link) return;
    hide();
    const source = document.getElementById(link.hash.slice(1));
    const told = source && source.querySelector(".source");
    if (!told) return;
    card = document.createElement("div");
    card.id = "card";
    card.className = "card";
    card.setAttribute("role", "tooltip");
    card.append(told.cloneNode(true));
    for (const link of card.querySelectorAll("a")) link.tabIndex = -1;
    owner = link;
    // The browser's own tooltip would cover ours.
    link.dataset.title = link.title;
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", "card");
    main().append(card);
    place(link.getBoundingClientRect());
    card.addEventListener("pointerenter", () => clearTimeout(closing));
    card.addEventListener("pointerleave", hideSoon);
  }

  function place(at) {
    const wide = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(at.left - 16, wide - card.offsetWidth - 8));
    const below = at.bottom + card.offsetHeight + 12 < innerHeight || at.top < card.offsetHeight + 12;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(below ? at.bottom + 6 : at.top - card.offsetHeight - 6) + scrollY}px`;
  }

  function hideSoon() {
    clearTimeout(closing);
    closing = setTimeout(hide, 250);
  }

  const cited = (event) => event.target instanceof Element && event.target.closest("a.cite");
  document.addEventListener("pointerover", (event) => {
    const link = event.pointerType !== "touch" && cited(event);
    if (link) show(link);
  });
  document.addEventListener("pointerout", (event) => { if (cited(event)) hideSoon(); });
  document.addEventListener("focusin", (event) => {
    const link = cited(event);
    if (link && link.matches(":focus-visible")) show(link);
    else if (card && !card.contains(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  // ---- live

  const { stream, since } = document.body.dataset;
  if (!stream || !window.EventSource) return;
  const bar = document.getElementById("live");
  const said = document.createElement("span");
  said.className = "said";
  const button = document.createElement("button");
  button.type = "button";
  bar.append(said, button);

  let last = since;
  let source = null;
  let paused = sessionStorage.getItem("paused") === "1";
  let waiting = 0;
  let news = "";
  const isIndex = stream === "/events";

  function label() {
    button.textContent = paused ? "Resume live updates" : "Live updates on. Pause";
    document.body.dataset.live = paused ? "paused" : source && source.readyState === 1 ? "open" : "connecting";
  }

  function open() {
    source = new EventSource(`${stream}?since=${encodeURIComponent(last)}`);
    for (const name of ["version", "story", "merged", "reset"]) source.addEventListener(name, heard);
    source.onopen = label;
    source.onerror = () => {
      label();
      // The browser itself tries again, except after an answer that is no stream.
      if (source && source.readyState === 2) later(open, 3000);
    };
    label();
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  function later(what, ms) {
    setTimeout(() => { if (!paused) what(); }, ms + Math.random() * 500);
  }

  function heard(event) {
    if (event.lastEventId) last = event.lastEventId;
    const told = JSON.parse(event.data);
    if (event.type === "merged") {
      location.replace(told.url);
      return;
    }
    news = isIndex ? "" : told.summary || "";
    // The list is made at most twice a second, so that it is asked for a second after the news.
    if (!waiting) waiting = setTimeout(fetchPage, isIndex ? 1000 + Math.random() * 500 : Math.random() * 200);
  }

  function fetchPage() {
    waiting = 0;
    const request = new XMLHttpRequest();
    request.open("GET", location.pathname + location.search);
    request.responseType = "document"; // parsed without running anything
    request.onload = () => {
      if (request.status === 200 && request.response) swap(request.response);
      else if (request.status === 404 || request.status === 410) location.reload();
    };
    request.onerror = () => later(fetchPage, 3000);
    request.send();
  }

  function swap(page) {
    const fresh = page.getElementById("main");
    if (!fresh || fresh.innerHTML === main().innerHTML) return;
    hide();
    const typing = main().querySelector("form :focus");
    if (typing) {
      // Nobody's typing is thrown away; the list comes when the form is left.
      typing.addEventListener("blur", fetchPage, { once: true });
      return;
    }
    const focused = document.activeElement && main().contains(document.activeElement) ? document.activeElement.id : "";
    const anchor = scrollY > 0 ? firstSeen() : null;
    const top = anchor ? anchor.getBoundingClientRect().top : 0;
    main().replaceWith(document.adoptNode(fresh));
    document.title = page.title;
    const again = anchor && document.getElementById(anchor.id);
    if (again) scrollBy({ top: again.getBoundingClientRect().top - top, behavior: "instant" });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    for (const mark of main().querySelectorAll("mark")) mark.classList.add("fresh");
    said.textContent = isIndex ? "The list has changed." : `Updated. ${news}`;
  }

  function firstSeen() {
    for (const each of main().querySelectorAll("[id]")) {
      if (each.getBoundingClientRect().top >= 0) return each;
    }
    return null;
  }

  button.addEventListener("click", () => {
    paused = !paused;
    sessionStorage.setItem("paused", paused ? "1" : "0");
    if (paused) close();
    else open();
    label();
  });
  // A page that nobody looks at holds no connection.
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted && !paused) open(); });

  if (!paused) open();
  label();
})();
