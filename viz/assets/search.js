// The search box: by name, alias or id; Enter goes from match to match.

const searchBox = document.getElementById("search");
const results = document.getElementById("results");
const matchList = document.getElementById("matches");
const matchCount = document.getElementById("match-count");
const SHOWN = 9;

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const index = facts.nodes.map((item) => [item.name, ...(item.aliases || []), item.id].map(plain));

/** How well a node answers; 0 if it does not. */
function likeness(node, query, words) {
  const [name, ...others] = index[node];
  if (name === query || others.includes(query)) return 5;
  if (name.startsWith(query)) return 4;
  if (others.some((other) => other.startsWith(query) || other.split(":")[1] === query)) return 3;
  if (` ${name.replace(/[^\p{L}\p{N}.]+/gu, " ")}`.includes(` ${query}`)) return 2;
  const all = index[node].join("\n");
  return words.every((word) => all.includes(word)) ? 1 : 0;
}

let found = [];
let at = -1;
/** The list folds once a match was gone to by Enter, or it would cover what the panel says about it. */
let folded = false;

function search() {
  const query = plain(searchBox.value.trim());
  const words = query.split(/\s+/);
  found = query
    ? marks
        .map((mark) => [likeness(mark.id, query, words), mark.id])
        .filter(([likely]) => likely)
        .sort(([a, m], [b, n]) => b - a || facts.nodes[n].d - facts.nodes[m].d || m - n)
        .map(([, node]) => node)
    : [];
  at = -1;
  folded = false;
  showMatches();
}

function showMatches() {
  const query = searchBox.value.trim();
  results.hidden = !query;
  searchBox.setAttribute("aria-expanded", String(!!query));
  matchList.hidden = folded;
  const from = Math.max(0, Math.min(at - SHOWN + 2, found.length - SHOWN));
  matchList.replaceChildren(
    ...found.slice(from, from + SHOWN).map((node, k) => {
      const item = facts.nodes[node];
      const row = make("li", { role: "option", id: `match-${from + k}`, "aria-selected": String(from + k === at) });
      row.append(glyph(facts.types[item.t]), make("span", {}, foreign(item.name)));
      row.addEventListener("mousedown", (event) => event.preventDefault());
      row.addEventListener("click", () => {
        goToMatch(from + k);
        results.hidden = true;
      });
      return row;
    }),
  );
  if (at >= 0) searchBox.setAttribute("aria-activedescendant", `match-${at}`);
  else searchBox.removeAttribute("aria-activedescendant");
  matchCount.textContent = !found.length
    ? "Nothing in this picture is called that."
    : at >= 0
      ? `${at + 1} of ${found.length} · ${found.length > 1 ? "Enter for the next" : "Esc to clear"}`
      : `${found.length} found · Enter to go there`;
}

function goToMatch(position) {
  if (!found.length) return;
  at = (position + found.length) % found.length;
  showMatches();
  choose({ node: found[at] });
}

searchBox.addEventListener("input", search);
searchBox.addEventListener("focus", showMatches);
searchBox.addEventListener("blur", () => { results.hidden = true; });
searchBox.addEventListener("keydown", (event) => {
  folded = event.key === "Enter" && found.length > 0;
  if (event.key === "Enter") goToMatch(at + (event.shiftKey ? -1 : 1));
  else if (event.key === "ArrowDown") goToMatch(at + 1);
  else if (event.key === "ArrowUp") goToMatch(at < 0 ? -1 : at - 1);
  else if (event.key === "Escape" && searchBox.value) {
    searchBox.value = "";
    search();
  } else return;
  event.preventDefault();
  event.stopPropagation();
});
