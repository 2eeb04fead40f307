// The panel: a node's facts and the evidence for each of its relations, or why one line is there.

const MANY = 12;

function showPanel(...content) {
  panelElement.replaceChildren(...content.filter(Boolean));
  panelElement.hidden = false;
  panelElement.scrollTop = 0;
  document.body.classList.add("with-panel");
}

function hidePanel() {
  panelElement.hidden = true;
  document.body.classList.remove("with-panel");
}

function topLine(...words) {
  const close = button("close", () => choose(null), "×");
  close.setAttribute("aria-label", "Close");
  close.title = "Close (Esc)";
  return make("div", { class: "top" }, ...words, close);
}

function goTo(node, ...notes) {
  const item = facts.nodes[node];
  return button("go", () => choose({ node }), glyph(facts.types[item.t]), make("span", {}, foreign(item.name), ...notes));
}

function nodePanel(node) {
  const item = facts.nodes[node];
  const type = facts.types[item.t];
  const neighbours = item.d === 1 ? "1 neighbour" : `${item.d.toLocaleString("en")} neighbours`;
  showPanel(
    topLine(glyph(type), make("span", {}, `${type.word} · ${neighbours}`)),
    make("h2", {}, foreign(item.name)),
    link(item),
    pairs(item.facts),
    abstract(item),
    ...relationsOf(node),
    ...undrawn(item),
  );
}

function link(item) {
  if (!item.link || !/^https?:\/\//i.test(item.link)) return null;
  const anchor = make("a", { href: item.link, target: "_blank", rel: "noopener noreferrer" }, item.link.replace(/^https?:\/\//i, ""));
  return make("p", {}, anchor);
}

function pairs(told) {
  if (!told || !told.length) return null;
  return make("dl", {}, ...told.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, foreign(value))]));
}

function abstract(item) {
  if (!item.texts || !item.texts.abstract) return null;
  return make("details", {}, make("summary", {}, "Abstract"), make("p", {}, foreign(item.texts.abstract)));
}

/** A node's edges by relation and direction, each neighbour with its evidence. */
function relationsOf(node) {
  const sections = new Map();
  for (const i of touching[node]) {
    const edge = facts.edges[i];
    const key = edge.r * 2 + (edge.s === node ? 0 : 1);
    if (!sections.has(key)) sections.set(key, []);
    sections.get(key).push(i);
  }
  return [...sections.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([key, edges]) => {
      const relation = facts.relations[key >> 1];
      edges.sort((a, b) => !!facts.edges[a].inferred - !!facts.edges[b].inferred || facts.nodes[otherEnd(facts.edges[b], node)].d - facts.nodes[otherEnd(facts.edges[a], node)].d || a - b);
      const list = make("div", {});
      const add = (some) => list.append(...some.map((i) => neighbour(i, node)));
      add(edges.slice(0, MANY));
      const rest = edges.slice(MANY);
      if (rest.length) {
        const more = button("more", () => { more.remove(); add(rest); }, `Show ${rest.length} more`);
        list.append(more);
      }
      return [make("h3", {}, key % 2 ? relation.in : relation.out, make("span", { class: "count" }, String(edges.length))), list];
    });
}

function neighbour(i, node) {
  const edge = facts.edges[i];
  return make("div", { class: "neighbour" }, goTo(otherEnd(edge, node), note(edge)), ...quotations(edge, 2));
}

function note(edge) {
  const words = [];
  if (edge.sizes) words.push(edge.sizes.join(", "));
  if (edge.count) words.push(`× ${edge.count}`);
  if (edge.inferred) words.push(edge.papers.length === 1 ? "derived from 1 paper" : `derived from ${edge.papers.length} papers`);
  return words.length ? make("span", { class: "note" }, ` ${words.join(" · ")}`) : null;
}

function quotations(edge, most = Infinity) {
  const all = edge.evidence || [];
  const shown = all.slice(0, most).map((item) => quotation(edge, item));
  if (all.length > most) shown.push(make("p", { class: "note" }, `and ${all.length - most} more places in this paper`));
  return shown;
}

/** The sentence with the quoted words marked: cut from a text, told as it is, or only the words where it is not known. */
function quotation(edge, [field, ...where]) {
  const place = make("span", { class: "where" }, field);
  if (where.length === 1) return make("blockquote", {}, make("bdi", {}, make("mark", {}, where[0])), place);
  if (where.length === 3) {
    const [before, quoted, after] = where;
    return make("blockquote", {}, make("bdi", {}, before, make("mark", {}, quoted), after), place);
  }
  const [begin, start, end, stop] = where;
  const paper = facts.nodes[edge.s];
  const text = (paper.texts && paper.texts[field]) || paper.name;
  const context = make("bdi", {}, text.slice(begin, start), make("mark", {}, text.slice(start, end)), text.slice(end, stop));
  return make("blockquote", {}, context, place);
}

function undrawn(item) {
  if (!item.more) return [];
  const told = item.more.map(([relation, names, count]) => {
    const rest = count - names.length;
    return [relation, names.join(", ") + (rest > 0 ? ` and ${rest.toLocaleString("en")} more` : "")];
  });
  return [make("h3", {}, "In the graph, not drawn here"), pairs(told)];
}

function edgePanel(i) {
  const edge = facts.edges[i];
  const relation = facts.relations[edge.r];
  const told = [];
  if (edge.sizes) told.push(["Sizes", edge.sizes.join(", ")]);
  if (edge.count) told.push(["Devices", String(edge.count)]);
  if (edge.confidence !== undefined) told.push(["Confidence", `${Math.round(edge.confidence * 100)} %`]);
  if (edge.intents) told.push(["Cited for", edge.intents.join(", ")]);
  const papers = (edge.papers || []).map((paper) =>
    make("div", { class: "neighbour" }, typeof paper === "number" ? goTo(paper) : foreign(paper)));
  const texts = [...(edge.contexts || []), ...(edge.contexts ? [] : edge.raw || [])];
  const why = edge.evidence ? "In the paper's words" : edge.inferred ? "Derived from what these papers say" : texts.length ? "Where it is cited" : "";
  showPanel(
    topLine("Why this line is there"),
    make("h2", {}, foreign(facts.nodes[edge.s].short), ` ${relation.out.toLowerCase()} `, foreign(facts.nodes[edge.o].short)),
    goTo(edge.s),
    make("p", { class: "arrow" }, `↓ ${relation.out.toLowerCase()}`),
    goTo(edge.o),
    pairs(told),
    why ? make("h3", {}, why) : make("p", { class: "note" }, "A fact of the graph itself: no sentence of a paper stands behind it."),
    ...quotations(edge),
    ...papers,
    ...texts.map((text) => make("blockquote", {}, foreign(text))),
  );
}
