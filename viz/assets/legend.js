// The legend names the types and switches them on and off; below it, the same for relations.

const legend = document.getElementById("legend");
const toggles = [];

function toggle(symbol, words, count, isOn, set) {
  const element = button("toggle", () => { set(!isOn()); filtersChanged(); }, symbol, make("span", { class: "word" }, words), make("span", { class: "count" }, count.toLocaleString("en")));
  element.title = "Show or hide";
  toggles.push(() => element.setAttribute("aria-pressed", String(isOn())));
  return element;
}

const put = (set, value, there) => (there ? set.add(value) : set.delete(value));
const capital = (words) => words[0].toUpperCase() + words.slice(1);

facts.types.forEach((type, t) => {
  const only = button("only", () => {
    facts.types.forEach((_, other) => put(hiddenTypes, other, other !== t));
    filtersChanged();
  }, "only");
  only.setAttribute("aria-label", `Show only ${type.plural}`);
  const on = toggle(glyph(type), capital(type.plural), type.count, () => !hiddenTypes.has(t), (shown) => put(hiddenTypes, t, !shown));
  on.dataset.label = type.label;
  legend.append(make("div", { class: "row" }, on, only));
});

if (facts.relations.length) {
  const details = make("details", {}, make("summary", {}, "Relations"));
  facts.relations.forEach((relation, r) => {
    const on = toggle(make("span", { class: "stroke" }), relation.out, relation.count, () => !hiddenRelations.has(r), (shown) => put(hiddenRelations, r, !shown));
    details.append(make("div", { class: "row" }, on));
  });
  const derived = facts.edges.filter((edge) => edge.inferred).length;
  if (derived && derived < facts.edges.length) {
    // Derived lines repeat what the papers in the picture already show.
    derivedHidden = facts.types.some((type) => type.label === "Paper");
    const on = toggle(make("span", { class: "stroke derived" }), "Derived from papers", derived, () => !derivedHidden, (shown) => { derivedHidden = !shown; });
    on.dataset.label = "derived";
    details.append(make("div", { class: "row" }, on));
  }
  legend.append(details);
}

const showAll = button("all", () => {
  hiddenTypes.clear();
  hiddenRelations.clear();
  derivedHidden = false;
  filtersChanged();
}, "Show all");
legend.append(showAll);

function filtersChanged() {
  applyFilters();
  toggles.forEach((refresh) => refresh());
  showAll.hidden = !hiddenTypes.size && !hiddenRelations.size;
  if ((focus.node !== null && !isShown(focus.node)) || (focus.edge !== null && !isEdgeShown(focus.edge))) choose(null);
}

/** A node that was asked for by name is shown, whatever the filters said. */
function reveal(node) {
  if (isShown(node)) return;
  hiddenTypes.delete(facts.nodes[node].t);
  filtersChanged();
}
