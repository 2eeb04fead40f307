// Queries of the kind users write, run on the local store and on a Neo4j server: see tests/test_contract.py.
//
// Queries are parted by blank lines. The first comment of each is its name; then may come
//     // $name = JSON            the value of a parameter
//     // lists in any order      what is collected comes in no order of its own
//     // one of several          of lists, only length and ends are told in advance
//     // ties in any order       ORDER BY does not say it all
//     // may be empty            the example corpus has no answer
// Rows of a query that ends with ORDER BY are compared in their order, those of all others in any order.

// === what README and the docs show ===

// the models most used
MATCH (p:Paper)-[:USES]->(m:Model) RETURN m.name AS model, count(p) AS papers ORDER BY papers DESC, model LIMIT 5

// methods proposed by papers that use a model
// $name = "LLaMA 2"
MATCH (x:Method)<-[:PROPOSES]-(p:Paper)-[:USES]->(m:Model {name: $name})
RETURN DISTINCT x.name AS method, p.year AS year ORDER BY year, method LIMIT 8

// benchmarks that go together
MATCH (a:Benchmark)<-[:EVALUATED_ON]-(p:Paper)-[:EVALUATED_ON]->(b:Benchmark) WHERE a.name < b.name
RETURN a.name AS one, b.name AS other, count(*) AS papers ORDER BY papers DESC, one, other LIMIT 5

// one benchmark without another
MATCH (p:Paper)-[:EVALUATED_ON]->(:Benchmark {name: 'GSM8K'})
WHERE NOT EXISTS { (p)-[:EVALUATED_ON]->(:Benchmark {name: 'MMLU'}) }
RETURN p.title AS title, p.year AS year ORDER BY year, title LIMIT 5

// speed-ups with the hardware they were measured on
// lists in any order
MATCH (p:Paper)-[:REPORTS]->(r:Result) WHERE r.metric CONTAINS 'speed' OPTIONAL MATCH (p)-[:RUNS_ON]->(h:Hardware)
RETURN p.title AS title, r.value AS value, r.unit AS unit, collect(h.name) AS hardware ORDER BY title, value LIMIT 6

// the most cited papers
MATCH (p:Paper)<-[:CITES]-(c:Paper)
RETURN p.title AS title, count(c) AS citations ORDER BY citations DESC, title LIMIT 5

// how far one paper is from another
// one of several
MATCH (a:Paper {arxiv_id: '2305.14314'}), (b:Paper {arxiv_id: '1706.03762'})
MATCH path = shortestPath((a)-[:CITES*]->(b)) RETURN [n IN nodes(path) | n.title] AS titles

// years of what is cited within two steps
MATCH (:Paper {arxiv_id: '2305.14314'})-[:CITES*1..2]->(q:Paper)
WITH DISTINCT q WHERE q.year IS NOT NULL
RETURN q.year AS year, count(*) AS papers ORDER BY year DESC LIMIT 5

// what builds on a method, and how sure that is
MATCH (p:Paper)-[r:BUILDS_ON]->(m:Method {name: 'LoRA'})
RETURN p.title AS title, r.confidence AS confidence ORDER BY title LIMIT 3

// kinds of kinds
MATCH path = (m:Method)-[:KIND_OF*1..3]->(:Method {name: 'quantization'})
RETURN m.name AS method, [n IN nodes(path)[1..] | n.name] AS kinds ORDER BY method LIMIT 6

// the titles of papers that use a model
// $name = "LLaMA 2"
MATCH (p:Paper)-[:USES]->(m:Model {name: $name}) RETURN p.title AS title, p.year AS year ORDER BY title

// the highest of a list of years
// $years = [2023, 2024]
UNWIND $years AS year RETURN max(year) AS last

// methods of a benchmark
// $name = "GSM8K"
MATCH (m:Method)-[:EVALUATED_ON]->(:Benchmark {name: $name}) RETURN m.name AS method

// papers that combine a model, a benchmark and a device
MATCH (p:Paper)-[:USES]->(:Model {name: 'LLaMA'}), (p)-[:EVALUATED_ON]->(b:Benchmark), (p)-[:RUNS_ON]->(h:Hardware)
RETURN p.title AS title, b.name AS benchmark, h.name AS hardware

// what is cited within three steps
// $title = "QLoRA: Efficient Finetuning of Quantized LLMs"
MATCH (:Paper {title: $title})-[:CITES*1..3]->(q:Paper) RETURN DISTINCT q.title AS title

// papers by year
MATCH (p:Paper) RETURN p.year AS year, count(*) AS papers ORDER BY year

// papers with a word in the title
// $word = "Quantiz"
MATCH (p:Paper) WHERE p.title CONTAINS $word RETURN p.title AS title

// users of every method, those without any too
MATCH (m:Method) OPTIONAL MATCH (p:Paper)-[:USES]->(m) RETURN m.name AS method, count(p) AS papers

// the names of all models
MATCH (m:Model) RETURN m.name

// what papers say of what
// ties in any order
MATCH (p:Paper)-[r]->(n) WHERE type(r) <> 'FROM'
RETURN p.title AS paper, type(r) AS says, n.name AS name, labels(n)[0] AS type ORDER BY paper, name

// the first methods to be proposed
MATCH (p:Paper)-[:PROPOSES]->(m:Method) RETURN m.name AS method, p.year AS year ORDER BY year, method LIMIT 4

// a label with a slip of the pen
// may be empty
MATCH (p:Papr) RETURN p

// a label with the prefix of another graph
// may be empty
MATCH (m:CgMethod {name: 'Adam'}) RETURN m.id AS id, m

// === single nodes, ids and properties ===

// a node by its id
MATCH (m:Method {id: 'method:lora'}) RETURN m

// a node by its id in WHERE
MATCH (m) WHERE m.id = 'method:lora' RETURN m.id, m.name

// nodes by a list of ids
// $ids = ["method:lora", "model:llama-2", "method:no-such-thing", null]
MATCH (n) WHERE n.id IN $ids RETURN n.id AS id, labels(n) AS labels ORDER BY id

// ids by prefix
MATCH (n) WHERE n.id STARTS WITH 'hardware:' RETURN n.id AS id ORDER BY id

// how many ids of each kind there are
MATCH (n) RETURN split(n.id, ':')[0] AS kind, count(DISTINCT n.id) AS ids, count(*) AS nodes ORDER BY kind

// all properties of a node
MATCH (m:Method {id: 'method:lora'}) RETURN properties(m) AS properties

// the names of a node's properties
// lists in any order
MATCH (m:Model {name: 'LLaMA 2'}) RETURN keys(m) AS keys

// the names of all properties of a label
MATCH (m:Model) UNWIND keys(m) AS key RETURN key, count(*) AS models ORDER BY key

// everything by a map projection
MATCH (b:Benchmark {name: 'GSM8K'}) RETURN b {.*} AS benchmark

// a map projection of some properties and more
MATCH (m:Model) RETURN m {.id, .name, .version, long: size(m.name) > 8, family: coalesce(m.family, '?')} AS model

// a map projection with a list of what hangs on it
// lists in any order
MATCH (m:Model)-[:DEVELOPED_BY]->(o:Organization)
WITH o, collect(m.name) AS models RETURN o {.name, models: models} AS organization

// a property by a computed name
// $key = "name"
MATCH (n:Task) RETURN n[$key] AS name, n['i' + 'd'] AS id ORDER BY id

// a property nobody has
MATCH (p:Paper) RETURN DISTINCT p.no_such_property AS nothing

// labels of everything
MATCH (n) RETURN labels(n) AS labels, count(*) AS nodes ORDER BY labels[0]

// a label in WHERE
MATCH (n) WHERE n:Model OR n:ModelFamily RETURN labels(n)[0] AS label, n.name AS name ORDER BY label, name

// any of two labels, and not a third
MATCH (n:Model|Method) RETURN count(n) AS either

// neither of two labels
MATCH (n:!(Paper|Author)) RETURN labels(n)[0] AS label, count(*) AS nodes ORDER BY label

// a label as a value
MATCH (n) WHERE n.name = 'LLaMA' RETURN n:Model AS is_model, n.id AS id ORDER BY id

// nodes with a condition inside the pattern
MATCH (p:Paper WHERE p.year = 2023 AND p.abstract IS NOT NULL) RETURN p.id AS id ORDER BY id

// all of a node's neighbours
MATCH (m:Method {id: 'method:lora'})-[r]-(n) RETURN type(r) AS type, n.id AS id ORDER BY type, id

// whole nodes and relationships
MATCH (m:Model {name: 'LLaMA 2'})-[r:IN_FAMILY|DEVELOPED_BY]->(n) RETURN m, r, n

// a relationship by itself
MATCH (:Paper)-[r:RUNS_ON]->(:Hardware {name: 'NVIDIA A100'}) RETURN r

// everything at once
MATCH (m:Model)-[r:DEVELOPED_BY]->(o:Organization {name: 'Google'}) RETURN *

// === filters ===

// papers of a range of years
MATCH (p:Paper) WHERE 2021 <= p.year < 2023 RETURN p.title AS title ORDER BY title

// papers without a year
MATCH (p:Paper) WHERE p.year IS NULL RETURN count(*) AS papers

// papers not of a year, where those without one drop out
MATCH (p:Paper) WHERE NOT p.year = 2023 RETURN count(*) AS papers

// papers of a year or of none
MATCH (p:Paper) WHERE p.year = 2023 OR p.year IS NULL RETURN count(*) AS papers

// papers of one thing but not another
MATCH (p:Paper) WHERE p.year > 2020 XOR p.title CONTAINS 'Model' RETURN count(*) AS papers

// stubs and others
MATCH (p:Paper) RETURN coalesce(p.stub, false) AS stub, count(*) AS papers ORDER BY stub

// years in a list
// $years = [2017, 2020, null]
MATCH (p:Paper) WHERE p.year IN $years RETURN p.id AS id ORDER BY id

// years not in a list with null
MATCH (p:Paper) WHERE NOT p.year IN [2023, null] RETURN count(*) AS papers

// names from a list
// $names = ["LLaMA", "LLaMA 2", "GPT-4"]
MATCH (m:Model) WHERE m.name IN $names RETURN m.name AS name ORDER BY name

// aliases that hold a value
MATCH (m:Method) WHERE 'Low-Rank Adaptation' IN m.aliases RETURN m.name AS name

// unknown is not true
MATCH (m:Method) WHERE m.generic RETURN count(*) AS generic

// neither is unknown false
MATCH (m:Method) WHERE NOT m.generic RETURN count(*) AS special

// comparing what cannot be compared
MATCH (p:Paper) WHERE p.year < 'a' OR p.title > 3 RETURN count(*) AS papers

// equality across number types
MATCH (p:Paper) WHERE p.year = 2023.0 RETURN count(*) AS papers

// a filter on the relationship
MATCH (p:Paper)-[r:USES]->(m:Model) WHERE r.confidence > 0.8 RETURN p.id AS paper, m.id AS model ORDER BY paper, model

// a filter inside the relationship
MATCH (p:Paper)-[r:USES WHERE r.confidence <= 0.5]->(m:Method) RETURN count(*) AS doubtful

// inferred edges only
MATCH (a)-[r {inferred: true}]->(b) RETURN type(r) AS type, count(*) AS edges ORDER BY type

// edges derived from several papers
MATCH (a:Method)-[r:COMPARED_WITH]->(b) WHERE size(r.papers) > 0 RETURN a.id AS one, b.id AS other, size(r.papers) AS papers ORDER BY papers DESC, one, other

// several relationship types
MATCH (p:Paper)-[:USES|BUILDS_ON|COMPARED_WITH]->(m:Model) RETURN m.name AS model, count(DISTINCT p) AS papers ORDER BY papers DESC, model LIMIT 20

// against the arrow
MATCH (m:Method {name: 'LoRA'})<-[r:USES|BUILDS_ON]-(p:Paper) RETURN type(r) AS relation, p.title AS title ORDER BY relation, title

// without an arrow
MATCH (a:Method {name: 'quantization'})-[:KIND_OF]-(b:Method) RETURN b.name AS name ORDER BY name

// papers that do not do something
MATCH (p:Paper) WHERE p.abstract IS NOT NULL AND NOT (p)-[:EVALUATED_ON]->(:Benchmark) RETURN p.title AS title ORDER BY title

// papers that do one of two things
MATCH (p:Paper) WHERE (p)-[:RUNS_ON]->(:Hardware {name: 'TPU'}) OR (p)-[:RUNS_ON]->(:Hardware {name: 'CPU'}) RETURN p.title AS title ORDER BY title

// papers that use and are cited
MATCH (p:Paper)-[:USES]->(:Model), (p)<-[:CITES]-(:Paper) RETURN count(DISTINCT p) AS papers

// two methods in one paper
MATCH (a:Method)<-[:USES]-(p:Paper)-[:USES]->(b:Method) WHERE a.id < b.id RETURN a.name AS one, b.name AS other, count(*) AS papers ORDER BY papers DESC, one, other LIMIT 10

// a product of two filters
MATCH (o:Organization), (t:Task) WHERE o.name STARTS WITH 'M' AND t.name STARTS WITH 'm' RETURN o.name AS organization, t.name AS task ORDER BY organization, task

// === texts ===

// the beginning of a title
MATCH (p:Paper) WHERE p.title STARTS WITH 'The ' RETURN p.title AS title ORDER BY title

// the end of a name
MATCH (m:Model) WHERE m.name ENDS WITH '2' RETURN m.name AS name ORDER BY name

// upper and lower case
MATCH (m:Method) WHERE toLower(m.name) CONTAINS 'lora' RETURN m.name AS name, toUpper(m.name) AS loud, lower(m.name) AS soft ORDER BY name

// a regular expression
MATCH (m:Model) WHERE m.name =~ '(?i)llama.*' RETURN m.name AS name ORDER BY name

// a regular expression must match all of it
MATCH (m:Model) WHERE m.name =~ 'LLaMA' RETURN m.name AS name

// a regular expression with classes and alternatives
MATCH (p:Paper) WHERE p.arxiv_id =~ '(17|18)\\d{2}\\.\\d{4,5}' RETURN p.arxiv_id AS arxiv ORDER BY arxiv

// parts of a text
MATCH (p:Paper) WHERE p.arxiv_id IS NOT NULL
RETURN substring(p.arxiv_id, 0, 2) AS year, count(*) AS papers ORDER BY year

// left and right
MATCH (h:Hardware) RETURN left(h.name, 3) AS begin, right(h.name, 2) AS end, h.name AS name ORDER BY name

// splitting and sizes
MATCH (p:Paper) WHERE p.abstract IS NOT NULL
RETURN p.id AS id, size(split(p.title, ' ')) AS words, size(p.abstract) AS letters ORDER BY id

// replacing
MATCH (b:Benchmark) WHERE b.name CONTAINS '-' RETURN replace(b.name, '-', ' ') AS name, b.id AS id ORDER BY id

// trimming
RETURN trim('  LoRA  ') AS both, ltrim('  LoRA  ') AS left, rtrim('  LoRA  ') AS right, trim(BOTH 'x' FROM 'xxLoRAx') AS letters

// reversing
MATCH (o:Organization) RETURN reverse(o.name) AS name, o.id AS id ORDER BY id

// joining
MATCH (m:Model) RETURN m.name + ' [' + coalesce(m.family, '-') + ']' AS name, m.id AS id ORDER BY id

// joining with what is not there
MATCH (m:Model) RETURN m.name + m.version AS name, count(*) AS models

// a text of numbers
MATCH (p:Paper) WHERE p.year IS NOT NULL RETURN DISTINCT toString(p.year) + '-01-01' AS day ORDER BY day

// numbers in a text
MATCH (r:Result) RETURN r.id AS id, toFloat(r.value) AS value, toInteger(r.value) AS whole ORDER BY id

// what is no number
RETURN toInteger('7B') AS a, toInteger('7') AS b, toFloat('1e3') AS c, toInteger('1.9') AS d, toBoolean('TRUE') AS e, toFloat('x') AS f

// or null
RETURN toIntegerOrNull('x') AS a, toFloatOrNull([1]) AS b, toStringOrNull(1.5) AS c, toBooleanOrNull(1) AS d

// numbers as texts
RETURN toString(1) AS a, toString(1.0) AS b, toString(1e21) AS c, toString(0.1 + 0.2) AS d, toString(true) AS e, toString(-0.0) AS f, toString(1e-7) AS g

// a regular expression with a flag and a new line
RETURN 'a\nb' =~ '(?s)a.b' AS dotall, 'a\nb' =~ 'a.b' AS plain, 'LoRA' =~ '(?i)lora' AS any_case

// texts beyond ASCII
RETURN size('Gödel ∞ 🦙') AS size, toUpper('straße') AS upper, reverse('añb') AS reversed, substring('Gödel', 1, 3) AS part

// quotation marks and backslashes
RETURN 'it\'s' AS a, "say \"x\"" AS b, 'back\\slash' AS c, 'tab\there' AS d, '\u00e9' AS e

// text order
UNWIND ['b', 'B', 'a', 'Z', 'é', 'aa', '', '1', '10', '9'] AS text RETURN text ORDER BY text

// normal forms
RETURN normalize('e\u0301') = 'é' AS same, size(normalize('e\u0301')) AS size, char_length('LoRA') AS letters

// === numbers ===

// arithmetic
RETURN 7 / 2 AS whole, 7 / 2.0 AS real, -7 / 2 AS down, 7 % 3 AS rest, -7 % 3 AS negative, 2 ^ 10 AS power, 1 + 2 * 3 AS sum

// mathematical functions
RETURN abs(-3) AS a, sign(-2.5) AS b, ceil(1.2) AS c, floor(-1.2) AS d, sqrt(16) AS e, round(2.5) AS f, round(-2.5) AS g, round(3.14159, 2) AS h, exp(0) AS i, log(e()) AS j, log10(1000) AS k, pi() AS l

// rounding one way or another
RETURN round(2.5, 0, 'HALF_EVEN') AS even, round(2.45, 1, 'UP') AS up, round(2.45, 1, 'DOWN') AS down, round(1.25, 1, 'HALF_DOWN') AS half_down

// trigonometry
RETURN round(sin(1), 12) AS a, round(cos(1), 12) AS b, round(tan(1), 12) AS c, round(atan2(1, 2), 12) AS d, round(degrees(pi()), 9) AS e, radians(180) = pi() AS f

// infinity and what is not a number
RETURN 1 / 0.0 AS infinite, -1 / 0.0 AS negative, isNaN(0 / 0.0) AS nan, 0 / 0.0 = 0 / 0.0 AS equal

// whole and real
RETURN 1 = 1.0 AS equal, 1 < 1.5 AS less, toInteger(2.9) AS cut, toInteger(-2.9) AS cut_up, toFloat(3) AS real

// numbers of other bases
RETURN 0x1F AS hex, 0o17 AS octal, 1_000_000 AS million, 1e3 AS real, .5 AS half

// decades
MATCH (p:Paper) WHERE p.year IS NOT NULL RETURN p.year / 10 * 10 AS decade, count(*) AS papers ORDER BY decade

// percentages of results
MATCH (r:Result) WHERE r.unit = '%' WITH toFloat(r.value) AS value WHERE value IS NOT NULL
RETURN count(*) AS claims, min(value) AS least, max(value) AS most, avg(value) AS mean, sum(value) AS total

// === lists ===

// indexes and slices
WITH [1, 2, 3, 4, 5] AS list
RETURN list[0] AS a, list[-1] AS b, list[10] AS c, list[1..3] AS d, list[..2] AS e, list[-2..] AS f, list[3..1] AS g

// heads and tails
RETURN head([1, 2]) AS a, last([1, 2]) AS b, tail([1, 2, 3]) AS c, head([]) AS d, tail([]) AS e, size([]) AS f, reverse([1, 2, 3]) AS g

// ranges
RETURN range(1, 5) AS a, range(0, 10, 5) AS b, range(5, 1, -2) AS c, range(3, 1) AS d

// membership and null
RETURN 1 IN [1, null] AS a, 2 IN [1, null] AS b, null IN [] AS c, null IN [1] AS d, [1] IN [[1], [2]] AS e, 1 IN null AS f

// equality of lists
RETURN [1, 2] = [1, 2.0] AS a, [1] = [1, null] AS b, [1, null] = [1, null] AS c, [null] = [1] AS d, [1, 2] < [1, 3] AS e, [] = [] AS f

// a list comprehension
MATCH (m:Method) WHERE m.aliases IS NOT NULL
RETURN m.id AS id, [a IN m.aliases WHERE size(a) < 6 | toLower(a)] AS short ORDER BY id

// a list comprehension that only filters
MATCH (m:Method) RETURN m.id AS id, [a IN coalesce(m.aliases, []) WHERE a CONTAINS ' '] AS phrases ORDER BY id

// all, any, none and single
MATCH (m:Method) WHERE m.aliases IS NOT NULL
RETURN m.id AS id, all(a IN m.aliases WHERE size(a) > 3) AS every, any(a IN m.aliases WHERE a =~ '[A-Z]+') AS some,
       none(a IN m.aliases WHERE a = m.name) AS no, single(a IN m.aliases WHERE a CONTAINS '-') AS one
ORDER BY id

// quantifiers with null
RETURN all(x IN [1, null] WHERE x > 0) AS a, any(x IN [1, null] WHERE x > 0) AS b, none(x IN [null] WHERE x > 0) AS c, single(x IN [1, null] WHERE x > 0) AS d, all(x IN [] WHERE x > 0) AS e

// a sum by reduce
MATCH (m:Method) WHERE m.aliases IS NOT NULL
RETURN m.id AS id, reduce(total = 0, a IN m.aliases | total + size(a)) AS letters ORDER BY id

// a text by reduce
MATCH (m:Model) WHERE m.aliases IS NOT NULL
RETURN m.id AS id, reduce(text = m.name, a IN m.aliases | text + ', ' + a) AS names ORDER BY id

// lists added up
RETURN [1] + [2, 3] AS a, [1] + 2 AS b, 0 + [1] AS c, [] + [] AS d, [1] + null AS e, [[1]] + [[2]] AS f

// lists of lists
RETURN [x IN range(1, 3) | [y IN range(1, x) | x * y]] AS triangle

// lists of nodes
MATCH (m:Model)-[:IN_FAMILY]->(f:ModelFamily {name: 'LLaMA'})
WITH m ORDER BY m.id WITH collect(m) AS models RETURN [m IN models | m.name] AS names, size(models) AS size, models[0].id AS first

// sizes stated
MATCH (p:Paper)-[r]->(m:Model) WHERE r.sizes IS NOT NULL
UNWIND r.sizes AS size RETURN m.name AS model, size, count(DISTINCT p) AS papers ORDER BY model, size

// one of the sizes
// $size = "70B"
MATCH (p:Paper)-[r:USES|BUILDS_ON|PROPOSES]->(m:Model) WHERE $size IN r.sizes RETURN p.title AS title, m.name AS model ORDER BY title, model

// converting lists
RETURN toStringList([1, 'a', null, 2.5]) AS a, toIntegerList(['1', 'x', 2.7]) AS b, toFloatList(['1', 'x']) AS c, toBooleanList(['true', 'x']) AS d

// emptiness
MATCH (m:Model) RETURN isEmpty(coalesce(m.aliases, [])) AS nameless, isEmpty(m.name) AS unnamed, isEmpty({}) AS map, count(*) AS models ORDER BY nameless

// === maps ===

// a map and its entries
WITH {name: 'LoRA', year: 2021, tags: ['a', 'b'], deep: {x: 1}} AS map
RETURN map.name AS a, map['year'] AS b, map.tags[1] AS c, map.deep.x AS d, map.none AS e, map AS f

// keys of a map
// lists in any order
RETURN keys({a: 1, b: null}) AS keys, size(keys({})) AS none

// equality of maps
RETURN {a: 1} = {a: 1.0} AS a, {a: 1} = {b: 1} AS b, {a: null} = {a: null} AS c, {a: 1, b: 2} = {b: 2, a: 1} AS d

// a map as parameter
// $map = {"label": "Method", "years": [2021, 2023], "deep": {"on": true}}
RETURN $map.label AS a, $map.years[0] AS b, $map.deep.on AS c, $map.none AS d

// a list of maps as parameter
// $rows = [{"name": "LoRA", "weight": 2}, {"name": "QLoRA", "weight": 1.5}, {"name": "nothing", "weight": null}]
UNWIND $rows AS row OPTIONAL MATCH (m:Method {name: row.name})
RETURN row.name AS asked, m.id AS id, row.weight * 2 AS weight ORDER BY asked

// maps collected
MATCH (p:Paper)-[r:RUNS_ON]->(h:Hardware) WHERE r.count IS NOT NULL
WITH p, r, h ORDER BY h.id WITH p, collect({device: h.name, count: r.count}) AS devices
RETURN p.title AS title, devices ORDER BY title

// a map projection of a variable
MATCH (p:Paper)-[:PUBLISHED_IN]->(v:Venue) WITH p, v.name AS venue RETURN p {.title, venue} AS paper, p.id AS id ORDER BY id

// === aggregation ===

// counts of all, of some and of different ones
MATCH (p:Paper) OPTIONAL MATCH (p)-[:RUNS_ON]->(h:Hardware)
RETURN count(*) AS rows, count(h) AS devices, count(DISTINCT h) AS different, count(DISTINCT p) AS papers

// how often each relation occurs
MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS edges ORDER BY edges DESC, type

// what leads where
MATCH (a)-[r]->(b) RETURN labels(a)[0] AS from, type(r) AS type, labels(b)[0] AS to, count(*) AS edges ORDER BY from, type, to

// sums, means and extremes
MATCH (p:Paper)-[r:USES]->() RETURN count(r.confidence) AS n, sum(r.confidence) AS total, avg(r.confidence) AS mean, min(r.confidence) AS least, max(r.confidence) AS most

// extremes of texts
MATCH (m:Model) RETURN min(m.name) AS first, max(m.name) AS last, max(size(m.name)) AS longest

// spread
MATCH (p:Paper) RETURN stDev(p.year) AS sample, stDevP(p.year) AS population

// percentiles
MATCH (p:Paper) WHERE p.abstract IS NOT NULL WITH size(p.abstract) AS size
RETURN percentileDisc(size, 0.5) AS median, percentileCont(size, 0.5) AS between, percentileCont(size, 0.9) AS most, percentileDisc(size, 0.0) AS least, percentileCont(size, 1.0) AS all

// aggregates of nothing
MATCH (n:Paper {title: 'There is no such paper'}) RETURN count(n) AS n, sum(n.year) AS sum, avg(n.year) AS avg, min(n.year) AS min, collect(n) AS list, stDev(n.year) AS stdev, percentileCont(n.year, 0.5) AS p

// grouped aggregates of nothing
// may be empty
MATCH (n:Paper {title: 'There is no such paper'}) RETURN n.year AS year, count(*) AS papers

// aggregates within an expression
MATCH (p:Paper) RETURN 100.0 * count(p.year) / count(*) AS percent, max(p.year) - min(p.year) AS span

// groups by an expression
MATCH (p:Paper)-[:REPORTS]->(r:Result) RETURN p.year % 2 = 0 AS even, r.unit AS unit, count(*) AS claims ORDER BY even, unit

// groups by null
MATCH (m:Model) RETURN m.variant AS variant, count(*) AS models ORDER BY variant

// different values only
MATCH (r:Result) RETURN DISTINCT r.unit AS unit ORDER BY unit

// different pairs only
MATCH (p:Paper)-[:AUTHORED_BY]->(a:Author)<-[:AUTHORED_BY]-(q:Paper) WHERE p.id < q.id
RETURN DISTINCT p.year AS one, q.year AS other ORDER BY one, other

// collecting different values
// lists in any order
MATCH (m:Method)-[:APPLIED_TO]->(x:Model) RETURN x.name AS model, collect(DISTINCT m.name) AS methods

// collecting in order
MATCH (p:Paper)-[r:AUTHORED_BY]->(a:Author) WITH p, r, a ORDER BY r.position
RETURN p.id AS id, collect(a.name) AS authors, collect(a.name)[0] AS first ORDER BY id

// collecting leaves null out
MATCH (m:Model) WITH m ORDER BY m.id RETURN collect(m.variant) AS variants, count(m.variant) AS count

// HAVING, so to speak
MATCH (a:Author)<-[:AUTHORED_BY]-(p:Paper) WITH a, count(p) AS papers WHERE papers > 2 RETURN a.name AS author, papers ORDER BY papers DESC, author

// the best of each group
MATCH (p:Paper)<-[:CITES]-(c:Paper) WHERE p.year IS NOT NULL WITH p, count(c) AS citations ORDER BY citations DESC, p.title
WITH p.year AS year, collect({title: p.title, citations: citations})[..2] AS best RETURN year, best ORDER BY year

// aggregates of aggregates
MATCH (p:Paper)-[:AUTHORED_BY]->(a:Author) WITH p, count(a) AS authors RETURN min(authors) AS least, max(authors) AS most, round(avg(authors), 6) AS mean

// degrees
MATCH (p:Paper)-[:CITES]->() WITH p, count(*) AS references RETURN references, count(*) AS papers ORDER BY references

// === order, skip and limit ===

// several keys, up and down
MATCH (p:Paper) WHERE p.year IS NOT NULL RETURN p.year AS year, p.title AS title ORDER BY year DESC, title ASC LIMIT 25

// a page of results
// $page = 2
// $size = 10
MATCH (m:Method) RETURN m.name AS name, m.id AS id ORDER BY id SKIP $page * $size LIMIT $size

// null comes last, and first when turned round
MATCH (m:Model) RETURN m.version AS version, m.id AS id ORDER BY version DESC, id LIMIT 12

// ordered by what is not returned
MATCH (p:Paper)<-[:CITES]-(c) WITH p, count(c) AS citations ORDER BY citations DESC, p.id LIMIT 7 RETURN p.title AS title ORDER BY title

// ordered by an expression
MATCH (o:Organization) RETURN o.name AS name ORDER BY size(o.name) DESC, toLower(o.name) LIMIT 10

// ordered by truth
MATCH (m:Method) RETURN m.generic AS generic, m.id AS id ORDER BY generic DESC, id LIMIT 30

// values of all kinds in order
UNWIND [1, 'a', null, true, 2.5, [1], {a: 1}, false, 'B', -1, [1, 2], []] AS value RETURN value ORDER BY value

// nothing
// may be empty
MATCH (p:Paper) RETURN p.title AS title ORDER BY title LIMIT 0

// beyond the end
// may be empty
MATCH (p:Paper) RETURN p.title AS title ORDER BY title SKIP 100000

// === OPTIONAL MATCH ===

// what may be missing
MATCH (m:Model) OPTIONAL MATCH (m)-[:DEVELOPED_BY]->(o:Organization) RETURN m.id AS model, o.name AS organization ORDER BY model, organization

// a filter on what may be missing
MATCH (m:Method) OPTIONAL MATCH (m)-[:KIND_OF]->(k:Method) WHERE k.generic RETURN m.id AS method, k.id AS kind ORDER BY method, kind

// two optional ways
MATCH (p:Paper) OPTIONAL MATCH (p)-[:PUBLISHED_IN]->(v:Venue) OPTIONAL MATCH (p)-[:HAS_CODE]->(c:Repository)
RETURN p.id AS id, v.name AS venue, count(c) AS repositories ORDER BY id, venue

// a match after an optional one that failed
MATCH (f:ModelFamily) OPTIONAL MATCH (f)<-[:IN_FAMILY]-(m:Model {variant: 'Chat'}) WITH f, m MATCH (m)-[:DEVELOPED_BY]->(o)
RETURN f.name AS family, m.name AS model, o.name AS organization ORDER BY family, model, organization

// an optional path
MATCH (h:Hardware) OPTIONAL MATCH path = (h)-[:KIND_OF*1..2]->(k) RETURN h.id AS id, length(path) AS length, k.id AS kind ORDER BY id, length, kind

// an optional match from the start
OPTIONAL MATCH (p:Paper {title: 'There is no such paper'}) RETURN p, p.title AS title, labels(p) AS labels

// properties of null
OPTIONAL MATCH (p:Paper {title: 'There is no such paper'})-[r:USES]->(m) RETURN type(r) AS type, properties(p) AS properties, keys(m) AS keys, p.id IS NULL AS missing

// === UNWIND and WITH ===

// a list as rows
UNWIND ['LoRA', 'QLoRA', 'GPTQ'] AS name MATCH (m:Method {name: name}) RETURN name, m.id AS id ORDER BY name

// nothing as rows
// may be empty
UNWIND [] AS x RETURN x

// null as rows
// may be empty
UNWIND null AS x RETURN x

// pairs of two lists
UNWIND [1, 2] AS a UNWIND ['x', 'y'] AS b RETURN a, b

// aliases as rows
MATCH (m:Model) UNWIND m.aliases AS alias RETURN alias, collect(m.id) AS models ORDER BY alias

// rows counted again
MATCH (p:Paper) WHERE p.title IS NOT NULL UNWIND split(toLower(p.title), ' ') AS word
WITH word, count(*) AS times WHERE times > 4 AND size(word) > 3 RETURN word, times ORDER BY times DESC, word

// numbered rows
MATCH (v:Venue) WITH v.name AS name ORDER BY name WITH collect(name) AS names
UNWIND range(0, size(names) - 1) AS i RETURN i + 1 AS number, names[i] AS name ORDER BY number

// everything that is known goes on
MATCH (m:Model {name: 'LLaMA 2'}) WITH *, size(m.name) AS letters RETURN m.id AS id, letters

// a limit in the middle
MATCH (m:Method) WITH m ORDER BY m.id LIMIT 10 MATCH (m)<-[r]-(p:Paper) RETURN m.id AS method, type(r) AS relation, count(p) AS papers ORDER BY method, relation

// WITH WHERE in a chain
MATCH (b:Benchmark)<-[:EVALUATED_ON]-(p:Paper) WITH b, count(p) AS papers WHERE papers >= 5
MATCH (b)-[:MEASURES]->(t:Task) WITH t, sum(papers) AS papers WHERE papers > 5 RETURN t.name AS task, papers ORDER BY papers DESC, task

// a name used again
MATCH (p:Paper) WITH p.year AS p RETURN p, count(*) AS papers ORDER BY p

// === subqueries ===

// EXISTS with a pattern
MATCH (m:Model) WHERE EXISTS { (m)<-[:PROPOSES]-(:Paper) } RETURN m.name AS name ORDER BY name

// EXISTS with a match and a filter
MATCH (p:Paper) WHERE EXISTS { MATCH (p)-[r:USES]->(m:Model) WHERE r.confidence > 0.9 AND m.name STARTS WITH 'G' } RETURN p.title AS title ORDER BY title

// EXISTS that looks outward
MATCH (p:Paper)-[:PROPOSES]->(m:Method) WHERE EXISTS { MATCH (q:Paper)-[:BUILDS_ON]->(m) WHERE q.id <> p.id } RETURN m.name AS method, p.title AS title ORDER BY method, title

// EXISTS as a value
MATCH (b:Benchmark) RETURN exists { (b)-[:MEASURES]->() } AS known, count(*) AS benchmarks ORDER BY known

// the older way of saying it
MATCH (m:Model) RETURN exists((m)-[:IN_FAMILY]->()) AS has_family, m.id AS id ORDER BY id

// COUNT
MATCH (m:Model) WITH m, COUNT { (m)<-[:USES]-(:Paper) } AS users WHERE users > 3 RETURN m.name AS model, users ORDER BY users DESC, model

// COUNT with a filter
MATCH (p:Paper) RETURN p.id AS id, COUNT { (p)-[:CITES]->(q:Paper) WHERE q.year >= 2020 } AS recent ORDER BY id

// COUNT in the order
MATCH (o:Organization) RETURN o.name AS name ORDER BY COUNT { (o)<-[:DEVELOPED_BY]-() } DESC, name

// COLLECT
MATCH (f:ModelFamily) RETURN f.name AS family, COLLECT { MATCH (m:Model)-[:IN_FAMILY]->(f) RETURN m.name ORDER BY m.name } AS models ORDER BY family

// nested EXISTS
MATCH (a:Author) WHERE EXISTS { MATCH (a)<-[:AUTHORED_BY]-(p:Paper) WHERE EXISTS { (p)-[:RUNS_ON]->(:Hardware {kind: 'TPU'}) } } RETURN a.name AS author ORDER BY author

// CALL for each row
MATCH (m:Model) WHERE m.name STARTS WITH 'LLaMA'
CALL { WITH m MATCH (p:Paper)-[:USES]->(m) RETURN count(p) AS papers } RETURN m.name AS model, papers ORDER BY model

// CALL with its variables in brackets
MATCH (v:Venue) CALL (v) { MATCH (p:Paper)-[:PUBLISHED_IN]->(v) RETURN p.title AS title ORDER BY p.title LIMIT 2 } RETURN v.name AS venue, title ORDER BY venue, title

// CALL with UNION
CALL { MATCH (m:Model) RETURN 'model' AS what, m.name AS name UNION MATCH (m:Method) RETURN 'method' AS what, m.name AS name }
RETURN what, count(*) AS names ORDER BY what

// CALL that takes nothing
CALL { MATCH (p:Paper) RETURN max(p.year) AS last } MATCH (q:Paper {year: last}) RETURN q.title AS title ORDER BY title

// CALL that finds nothing drops the row
MATCH (m:Model) CALL { WITH m MATCH (m)-[:DEVELOPED_BY]->(o) RETURN o LIMIT 1 } RETURN count(m) AS models

// === UNION ===

// without what comes twice
MATCH (m:Model)-[:DEVELOPED_BY]->(o:Organization) RETURN o.name AS name UNION MATCH (h:Hardware)-[:MADE_BY]->(o:Organization) RETURN o.name AS name

// with what comes twice
MATCH (m:Model)-[:DEVELOPED_BY]->(o:Organization) RETURN o.name AS name UNION ALL MATCH (h:Hardware)-[:MADE_BY]->(o:Organization) RETURN o.name AS name

// counts side by side
MATCH (n:Paper) RETURN 'papers' AS what, count(n) AS number UNION ALL MATCH (n:Author) RETURN 'authors' AS what, count(n) AS number UNION ALL MATCH ()-[r:CITES]->() RETURN 'citations' AS what, count(r) AS number

// === patterns as values ===

// a pattern comprehension
// lists in any order
MATCH (m:Model) RETURN m.id AS id, [(m)<-[:USES]-(p:Paper) WHERE p.year > 2022 | p.title] AS users ORDER BY id

// a pattern comprehension over several steps
// lists in any order
MATCH (o:Organization) RETURN o.name AS name, [(o)<-[:DEVELOPED_BY]-(m:Model)<-[r:USES]-(:Paper) | m.name + ' ' + type(r)] AS used ORDER BY name

// how large a pattern comprehension is
MATCH (p:Paper) RETURN p.id AS id, size([(p)-[:CITES]->(q) | q]) AS references ORDER BY id

// a pattern comprehension with a path
// lists in any order
MATCH (h:Hardware {name: 'NVIDIA A100'}) RETURN [path = (h)-[:KIND_OF|MADE_BY*1..2]->() | [n IN nodes(path) | n.name]] AS paths

// a pattern as a condition in CASE
MATCH (b:Benchmark) RETURN b.id AS id, CASE WHEN (b)<-[:EVALUATED_ON]-(:Paper) THEN 'used' ELSE 'named' END AS state ORDER BY id

// === paths ===

// chains of citations
MATCH (a:Paper {arxiv_id: '2305.14314'})-[:CITES*2]->(b:Paper) RETURN b.id AS id, count(*) AS ways ORDER BY id

// chains from none to two
MATCH (a:Paper {arxiv_id: '1706.03762'})<-[:CITES*0..1]-(b:Paper) RETURN b.id AS id ORDER BY id

// relationships of a chain
MATCH (a:Method {id: 'method:qlora'})-[r:KIND_OF*1..3]->(b) RETURN [x IN r | type(x)] AS types, size(r) AS steps, b.id AS id ORDER BY id, steps

// a filter on all of a chain
MATCH path = (a:Paper {arxiv_id: '2305.14314'})-[:CITES*1..3]->(b:Paper) WHERE all(n IN nodes(path) WHERE n.year > 2018)
RETURN length(path) AS steps, count(DISTINCT b) AS papers ORDER BY steps

// whole paths
MATCH path = (:Model {name: 'LLaMA 2'})-[:IN_FAMILY]->(:ModelFamily) RETURN path

// paths of two steps
MATCH path = (h:Hardware {name: 'NVIDIA A100'})-[*1..2]->(n) RETURN path

// nodes and relationships of a path
MATCH path = (:Hardware {name: 'NVIDIA A100'})-[:KIND_OF]->()-[:KIND_OF*0..1]->() RETURN [n IN nodes(path) | n.id] AS nodes, [r IN relationships(path) | startNode(r).id + '>' + endNode(r).id] AS steps, length(path) AS length

// no relationship is used twice
MATCH (a:Model {name: 'LLaMA 2'})-[:IN_FAMILY]-(f)-[:IN_FAMILY]-(b) RETURN b.id AS id ORDER BY id

// across two matches it may be
MATCH (a:Model {name: 'LLaMA 2'})-[:IN_FAMILY]-(f) MATCH (f)-[:IN_FAMILY]-(b) RETURN b.id AS id ORDER BY id

// the length of the shortest path
MATCH (a:Paper {arxiv_id: '2305.14314'}), (b:Paper) WHERE b.id <> a.id AND b.year IS NOT NULL
MATCH path = shortestPath((a)-[:CITES*..4]->(b)) RETURN b.id AS id, length(path) AS steps ORDER BY id

// shortest paths both ways round
MATCH path = shortestPath((:Method {id: 'method:lora'})-[*..4]-(:Benchmark {name: 'GSM8K'})) RETURN length(path) AS steps

// all shortest paths
MATCH path = allShortestPaths((:Paper {arxiv_id: '2305.14314'})-[:CITES*]->(:Paper {arxiv_id: '1706.03762'})) RETURN [n IN nodes(path) | n.id] AS ids

// all shortest paths between kinds
MATCH path = allShortestPaths((:Model {name: 'LLaMA 2'})-[:USES|PROPOSES*..4]-(:Model {name: 'GPT-4'})) RETURN [n IN nodes(path) | n.id] AS ids

// no path there
// may be empty
MATCH path = shortestPath((:Paper {arxiv_id: '1706.03762'})-[:PUBLISHED_IN*]->(:Task {name: 'x'})) RETURN path

// repeated patterns
MATCH (a:Paper {arxiv_id: '2305.14314'})((x)-[:CITES]->(y)){1,2}(b:Paper) WHERE b.year < 2020 RETURN b.id AS id, count(*) AS ways ORDER BY id

// repeated patterns, one way of writing
MATCH (h:Hardware)-[:KIND_OF]->+(k:Hardware) RETURN h.id AS id, k.id AS kind ORDER BY id, kind

// co-citation
MATCH (a:Paper)<-[:CITES]-(c:Paper)-[:CITES]->(b:Paper) WHERE a.id < b.id WITH a, b, count(c) AS together WHERE together > 12 RETURN a.title AS one, b.title AS other, together ORDER BY together DESC, one, other

// bibliographic coupling
MATCH (a:Paper)-[:CITES]->(c:Paper)<-[:CITES]-(b:Paper) WHERE a.id < b.id WITH a, b, count(c) AS shared ORDER BY shared DESC, a.id, b.id LIMIT 10 RETURN a.title AS one, b.title AS other, shared ORDER BY shared DESC, one, other

// results with all they hang on
MATCH (p:Paper)-[:REPORTS]->(r:Result)-[:OF]->(m), (r)-[:ON]->(b:Benchmark) OPTIONAL MATCH (r)-[:AGAINST]->(x)
RETURN p.title AS title, m.name AS of, b.name AS on, x.name AS against, r.name AS result, r.id AS id ORDER BY id, of, on, against

// triangles
MATCH (a:Paper)-[:CITES]->(b:Paper)-[:CITES]->(c:Paper), (a)-[:CITES]->(c) RETURN count(*) AS triangles

// === CASE and null ===

// CASE with conditions
MATCH (p:Paper) RETURN CASE WHEN p.year < 2020 THEN 'old' WHEN p.year < 2023 THEN 'recent' WHEN p.year IS NULL THEN 'unknown' ELSE 'new' END AS age, count(*) AS papers ORDER BY age

// CASE with values
MATCH (h:Hardware) RETURN CASE h.kind WHEN 'GPU' THEN 1 WHEN 'TPU' THEN 2 ELSE 0 END AS rank, h.name AS name ORDER BY rank DESC, name

// CASE without ELSE
MATCH (h:Hardware) RETURN CASE h.kind WHEN 'GPU' THEN h.name END AS gpu, count(*) AS devices ORDER BY gpu

// CASE with several values and comparisons
UNWIND [1, 2, 3, 50, null] AS x RETURN x, CASE x WHEN 1, 2 THEN 'few' WHEN = 3, > 40 THEN 'many' WHEN IS NULL THEN 'none' ELSE 'some' END AS how

// counting by CASE
MATCH (p:Paper)-[r]->(m:Model) RETURN m.name AS model, sum(CASE type(r) WHEN 'PROPOSES' THEN 1 ELSE 0 END) AS proposed, sum(CASE WHEN type(r) = 'USES' THEN 1 ELSE 0 END) AS used ORDER BY model

// the first that is not null
MATCH (m:Model) RETURN coalesce(m.variant, m.version, m.family, 'none') AS what, m.id AS id ORDER BY id

// three-valued logic
RETURN null AND false AS a, null AND true AS b, null OR true AS c, null OR false AS d, NOT null AS e, null XOR true AS f, null = null AS g, null <> 1 AS h, null IS NULL AS i

// null in functions
RETURN toUpper(null) AS a, size(null) AS b, null + 1 AS c, substring(null, 0, 1) AS d, null STARTS WITH 'a' AS e, [1, 2][null] AS f, null.x AS g, range(0, 1)[5] AS h, nullIf('a', 'a') AS i, nullIf('a', 'b') AS j

// === temporal values ===

// the first day of each paper's year
MATCH (p:Paper) WHERE p.year IS NOT NULL RETURN DISTINCT date(toString(p.year) + '-01-01') AS day ORDER BY day

// parts of a date
WITH date('2024-02-29') AS day RETURN day.year AS a, day.month AS b, day.day AS c, day.dayOfWeek AS d, day.week AS e, day.quarter AS f, day.ordinalDay AS g

// dates made of parts
RETURN date({year: 2024, month: 5}) AS a, date({year: 2024, week: 10, dayOfWeek: 3}) AS b, datetime({year: 2024, month: 1, day: 2, hour: 3, minute: 4, timezone: '+02:00'}) AS c, localdatetime('2024-01-02T03:04:05.678') AS d, time('12:34:56+01:00') AS e, localtime('12:34') AS f

// durations
RETURN duration('P1Y2M3DT4H5M6.5S') AS a, duration({days: 1.5}) AS b, duration.between(date('2023-01-31'), date('2024-03-01')) AS c, duration.inDays(date('2023-01-31'), date('2024-03-01')).days AS d, duration.inMonths(date('2023-01-31'), date('2024-03-01')).months AS e

// counting with dates
RETURN date('2024-01-31') + duration('P1M') AS a, date('2024-03-01') - duration({days: 1}) AS b, duration('P1D') * 3 AS c, datetime('2024-01-01T00:00:00Z') + duration('PT36H') AS d

// comparing dates
RETURN date('2024-01-01') < date('2024-02-01') AS a, date('2024-01-01') = date({year: 2024}) AS b, datetime('2024-01-01T00:00:00Z') = datetime('2024-01-01T01:00:00+01:00') AS c

// dates in order
UNWIND ['2024-03-01', '2023-12-31', '2024-02-29'] AS day WITH date(day) AS day RETURN day ORDER BY day DESC

// cut to months
RETURN date.truncate('month', date('2024-05-17')) AS a, datetime.truncate('hour', datetime('2024-05-17T12:34:56Z')) AS b, date.truncate('week', date('2024-05-17')) AS c, toString(date('2024-05-17')) AS d

// seconds of an epoch
RETURN datetime({epochSeconds: 1700000000}) AS a, datetime('2023-11-14T22:13:20Z').epochMillis AS b, datetime.fromEpoch(1, 0) AS c

// the age of a source
MATCH (s:Source) RETURN s.format AS format, duration.between(datetime(s.loaded_at), datetime('2100-01-01T00:00:00Z')).years > 0 AS older ORDER BY format

// === parameters ===

// a number, a text, a truth value and nothing
// $a = 1
// $b = "x"
// $c = true
// $d = null
// $e = 1.5
RETURN $a AS a, $b AS b, $c AS c, $d AS d, $e AS e, $d IS NULL AS f, $a + $e AS g

// a parameter that filters, or not
// $year = null
MATCH (p:Paper) WHERE $year IS NULL OR p.year = $year RETURN count(p) AS papers

// properties as a parameter
// $least = 3
// $label = "GPU"
MATCH (h:Hardware {kind: $label})<-[r:RUNS_ON]-() WITH h, count(r) AS uses WHERE uses >= $least RETURN h.name AS name, uses ORDER BY uses DESC, name

// a hostile value stays a value
// $name = "x'}) MATCH (n) DETACH DELETE n //"
OPTIONAL MATCH (m:Model {name: $name}) RETURN m, $name AS name

// === functions of entities ===

// ends of relationships
MATCH (:Model)-[r:DEVELOPED_BY]->(:Organization {name: 'Google'}) RETURN startNode(r).name AS model, endNode(r).name AS organization ORDER BY model

// properties of relationships
MATCH (p:Paper)-[r:USES]->(m:Model {name: 'LLaMA 2'}) RETURN p.id AS id, keys(r) = ['evidence', 'confidence'] OR size(keys(r)) > 1 AS known, r.confidence AS confidence, size(r.evidence) AS quotations ORDER BY id

// all properties of relationships
MATCH (p:Paper)-[r:RUNS_ON]->(h:Hardware) RETURN p.id AS paper, h.id AS device, properties(r) AS properties ORDER BY paper, device

// identity
MATCH (a:Model {name: 'LLaMA 2'}) MATCH (b {id: 'model:llama-2'}) RETURN a = b AS same, elementId(a) = elementId(b) AS same_key, a <> b AS other

// what an element id is
MATCH (m:Model {name: 'LLaMA 2'}) WITH m, elementId(m) AS key MATCH (n) WHERE elementId(n) = key RETURN n.id AS id

// kinds of values
RETURN 1 IS :: INTEGER AS a, 'x' IS :: STRING AS b, [1] IS :: LIST<INTEGER> AS c, null IS :: BOOLEAN AS d, 1.5 IS NOT :: INTEGER AS e, valueType(1) AS f, valueType('x') AS g, valueType(null) AS h

// === all together ===

// who works with whom
MATCH (a:Author)<-[:AUTHORED_BY]-(p:Paper)-[:AUTHORED_BY]->(b:Author) WHERE a.id < b.id
WITH a, b, count(p) AS papers, min(p.year) AS since WHERE papers > 1 RETURN a.name AS one, b.name AS other, papers, since ORDER BY papers DESC, one, other LIMIT 20

// organizations by the uses of their models
MATCH (o:Organization)<-[:DEVELOPED_BY]-(m:Model)<-[:USES]-(p:Paper)
RETURN o.name AS organization, count(DISTINCT m) AS models, count(DISTINCT p) AS papers, collect(DISTINCT p.year)[0] IS NOT NULL AS dated ORDER BY papers DESC, organization

// methods tried on a family
// $family = "LLaMA"
MATCH (f:ModelFamily {name: $family})<-[:IN_FAMILY]-(m:Model)<-[a:APPLIED_TO]-(x:Method)
WITH x, collect(DISTINCT m.name) AS models, sum(size(a.papers)) AS papers
RETURN x.name AS method, size(models) AS models, papers ORDER BY papers DESC, models DESC, method LIMIT 15

// benchmarks by task, year by year
MATCH (t:Task)<-[:MEASURES]-(b:Benchmark)<-[:EVALUATED_ON]-(p:Paper) WHERE p.year >= 2021
WITH t.name AS task, p.year AS year, count(DISTINCT p) AS papers ORDER BY year
WITH task, collect(year + ': ' + papers) AS years, sum(papers) AS total WHERE total > 3 RETURN task, years, total ORDER BY total DESC, task

// the evidence of an edge
MATCH (p:Paper)-[r:PROPOSES]->(m:Method {name: 'LoRA'}) UNWIND r.evidence AS evidence RETURN p.id AS id, evidence ORDER BY id, evidence

// papers like this one
// $id = "arxiv:2305.14314"
MATCH (p:Paper {id: $id})-[:USES|BUILDS_ON|EVALUATED_ON|COMPARED_WITH]->(x)<-[:USES|BUILDS_ON|EVALUATED_ON|COMPARED_WITH]-(q:Paper)
WITH q, count(DISTINCT x) AS shared, COUNT { (q)-[:CITES]->(:Paper {id: $id}) } AS cites
RETURN q.title AS title, shared + 2 * cites AS score ORDER BY score DESC, title LIMIT 10

// claims about speed, as numbers
MATCH (p:Paper)-[:REPORTS]->(r:Result) WHERE r.unit IN ['x', '×', '%'] AND toFloat(r.value) > 1
RETURN p.title AS title, r.metric AS metric, toFloat(r.value) AS value, r.unit AS unit, r.higher_is_better AS higher, r.id AS id ORDER BY value DESC, id LIMIT 30

// what is known of nobody
// may be empty
MATCH (n) WHERE NOT (n)--() RETURN labels(n)[0] AS label, n.id AS id ORDER BY id

// === newer ways of writing ===

// any of the shortest
MATCH p = SHORTEST 1 (a:Paper {arxiv_id: '2305.14314'})-[:CITES]->+(b:Paper {arxiv_id: '1706.03762'}) RETURN length(p) AS steps

// any shortest, said otherwise
MATCH p = ANY SHORTEST (a:Paper {arxiv_id: '2305.14314'})-[:CITES]->+(b:Paper) RETURN b.id AS id, length(p) AS steps ORDER BY id

// all of the shortest
MATCH p = ALL SHORTEST (a:Paper {arxiv_id: '2305.14314'})-[:CITES]->+(b:Paper {arxiv_id: '1706.03762'}) RETURN [n IN nodes(p) | n.id] AS ids

// the shortest of a repeated pattern with a condition
MATCH p = SHORTEST 1 (a:Paper {arxiv_id: '2305.14314'})((x)-[:CITES]->(y) WHERE y.year > 2016){1,}(b:Paper)
RETURN b.id AS id, length(p) AS steps ORDER BY id

// a repeated relationship, counted
MATCH (a:Paper {arxiv_id: '2305.14314'})-[r:CITES]->{1,2}(b:Paper) RETURN size(r) AS steps, count(*) AS ways ORDER BY steps

// a repeated relationship with a condition
MATCH (a:Method)-[r:KIND_OF WHERE r.inferred IS NULL]->+(b:Method) RETURN a.id AS method, b.id AS kind, size(r) AS steps ORDER BY method, kind, steps

// what repeated patterns pass by
MATCH (a:Method {id: 'method:qlora'})((x)-[:KIND_OF]->(y))+(b) RETURN [n IN x | n.id] AS from, [n IN y | n.id] AS to ORDER BY size(from), to[-1]

// zero or more
MATCH (h:Hardware)-[:KIND_OF]->*(k) RETURN h.id AS device, k.id AS kind ORDER BY device, kind

// every node that has a label, and those without
RETURN COUNT { MATCH (n:%) } AS labelled, COUNT { MATCH (m:!%) } AS bare

// all relationships but some
MATCH ()-[r:!CITES&!AUTHORED_BY]->() RETURN type(r) AS type, count(*) AS edges ORDER BY type

// IS for a label
MATCH (n IS Model|Method) WHERE n IS Method RETURN count(n) AS methods

// a type as a condition
MATCH (a:Paper)-[r]->(b) WHERE r:USES OR r:BUILDS_ON RETURN labels(b)[0] AS what, count(*) AS edges ORDER BY what

// OFFSET
MATCH (t:Task) RETURN t.name AS task ORDER BY t.id OFFSET 3 LIMIT 4

// OPTIONAL CALL
MATCH (m:Model) OPTIONAL CALL (m) { MATCH (m)-[:DEVELOPED_BY]->(o) RETURN o.name AS organization } RETURN m.id AS id, organization ORDER BY id, organization

// CALL of everything in scope
MATCH (v:Venue) WITH v, size(v.name) AS letters CALL (*) { RETURN v.name + ' ' + letters AS text } RETURN text ORDER BY text

// texts joined by bars
MATCH (m:Model) RETURN m.name || ' (' || coalesce(m.family, '') || ')' AS name, [m.id] || coalesce(m.aliases, []) AS names ORDER BY name, names[0]

// nothing is wanted
// may be empty
MATCH (p:Paper) FINISH

// which language and planner
CYPHER 5 runtime=slotted MATCH (t:Task) RETURN count(t) AS tasks

// a hint
MATCH (p:Paper) USING INDEX p:Paper(id) WHERE p.id = 'arxiv:2305.14314' RETURN p.title AS title

// labels of the graph, without those that only indexes know
CALL db.labels() YIELD label MATCH (n) WHERE label IN labels(n) RETURN DISTINCT label ORDER BY label

// relationship types of the graph
CALL db.relationshipTypes() YIELD relationshipType AS type RETURN type ORDER BY type

// property keys of the graph, without those of graphs before it
MATCH (n) UNWIND keys(n) AS used WITH collect(DISTINCT used) AS used
CALL db.propertyKeys() YIELD propertyKey AS key WITH * WHERE key IN used AND NOT key STARTS WITH '_'
RETURN key ORDER BY key

// COUNT over a query
RETURN COUNT { MATCH (m:Model) RETURN m.name AS name UNION MATCH (m:Method) RETURN m.name AS name } AS names

// EXISTS over a query that unwinds
MATCH (m:Method) WHERE EXISTS { UNWIND m.aliases AS alias WITH alias WHERE size(alias) < 4 RETURN alias } RETURN m.id AS id ORDER BY id

// === what a user mends a table by ===

// shares of a whole
MATCH (p:Paper) WITH count(p) AS total MATCH (q:Paper) WITH total, q.year AS year, count(q) AS papers RETURN year, papers, round(100.0 * papers / total, 1) AS percent ORDER BY year

// credit divided among authors
MATCH (p:Paper)-[:AUTHORED_BY]->(a) WITH p, collect(a) AS authors UNWIND authors AS a
WITH a, size(authors) AS n RETURN a.id AS author, sum(1.0 / n) AS credit ORDER BY author

// first authors
MATCH (p:Paper)-[r:AUTHORED_BY {position: 1}]->(a) RETURN a.name AS author, count(*) AS papers ORDER BY papers DESC, author LIMIT 10

// last authors
MATCH (p:Paper)-[r:AUTHORED_BY]->(a) WITH p, max(r.position) AS last MATCH (p)-[:AUTHORED_BY {position: last}]->(a) RETURN p.id AS paper, a.name AS author ORDER BY paper, author

// coauthors of one
MATCH (:Author {name: 'Tim Dettmers'})<-[:AUTHORED_BY]-(p)-[:AUTHORED_BY]->(c:Author) RETURN DISTINCT c.name AS coauthor ORDER BY coauthor

// the model of each year
MATCH (p:Paper)-[:USES]->(m:Model) WITH m.name AS model, p.year AS year, count(*) AS papers ORDER BY year, papers DESC, model
WITH year, collect({model: model, papers: papers}) AS all RETURN year, all[0].model AS model, all[0].papers AS papers ORDER BY year

// those with most, all of them
MATCH (p:Paper)-[:USES]->(m:Model) WITH m, count(p) AS papers WITH max(papers) AS most
MATCH (q:Paper)-[:USES]->(k:Model) WITH most, k, count(q) AS papers WHERE papers = most RETURN k.name AS model, papers ORDER BY model

// averages of counts
MATCH (p:Paper) RETURN p.year AS year, avg(COUNT { (p)-[:CITES]->() }) AS references ORDER BY year

// pairs of papers of one year
MATCH (a:Paper), (b:Paper) WHERE a.year = b.year AND a.id < b.id RETURN a.year AS year, count(*) AS pairs ORDER BY year

// papers of no model
MATCH (p:Paper) OPTIONAL MATCH (p)-[:USES]->(m:Model) WITH p, collect(m.name) AS models WHERE size(models) = 0 RETURN count(p) AS papers

// words in capitals
MATCH (p:Paper) WITH p, [w IN split(p.title, ' ') WHERE w =~ '[A-Z][A-Za-z]*[A-Z].*' | w] AS words WHERE size(words) > 0 RETURN p.id AS id, words ORDER BY id

// numbers in abstracts
MATCH (p:Paper) WHERE p.abstract =~ '(?s).*\\b\\d+(\\.\\d+)?[x×].*' RETURN p.id AS id ORDER BY id

// names beyond ASCII
MATCH (n) WHERE n.name =~ '.*[^\\x00-\\x7f].*' RETURN n.id AS id, toUpper(n.name) AS name, size(n.name) AS size ORDER BY id

// keys of types of types
MATCH (p:Paper)-[r]->(x) RETURN labels(x)[0] + ':' + type(r) AS key, count(*) AS edges ORDER BY key

// from lists of nodes to rows
MATCH (b:Benchmark)<-[:EVALUATED_ON]-(n) WITH b, collect(DISTINCT n) AS all
RETURN b.name AS benchmark, b.id AS id, size([n IN all WHERE n:Paper]) AS papers, size([n IN all WHERE NOT n:Paper]) AS others ORDER BY id

// how papers go from one to the other
MATCH (a:Paper {arxiv_id: '2305.14314'}), (b:Paper {arxiv_id: '1706.03762'})
RETURN exists((a)-[:CITES]->(b)) AS at_once, exists((a)-[:CITES*2]->(b)) AS by_another, length(shortestPath((a)-[:CITES*]-(b))) AS steps

// a condition on the relationships of a shortest path
MATCH p = shortestPath((:Method {id: 'method:lora'})-[*..6]-(:Organization {name: 'Google'})) WHERE all(r IN relationships(p) WHERE type(r) <> 'CITES') RETURN length(p) AS steps
