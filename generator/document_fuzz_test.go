//go:build unix

package generator

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bailey-go/bailey/generator/internal/cost"
)

// Beside its steps a document may have so much memory allocated, in all, and so much processor
// time: for any document, and for each of its values. The bytes hold code to account that does not
// count its steps, and so does the time, of which there is plenty: nothing depends on the machine.
const (
	freeBytes, bytesEach = 200 << 20, 100 << 10
	watchdog             = 60 * time.Second
)

// affordable renders a document and says what it cost beyond its size.
func affordable(text string) error {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := used()
	budget, res, err := costOfText(text)
	took := used() - start
	runtime.ReadMemStats(&after)
	allocated := int64(after.TotalAlloc - before.TotalAlloc)
	switch most := int64(freeBytes + bytesEach*budget.Values()); {
	case allocated > most:
		return fmt.Errorf("%d values had %d bytes allocated, more than %d", budget.Values(), allocated, most)
	case took > watchdog:
		return fmt.Errorf("%d values took %v of processor time", budget.Values(), took)
	case err != nil && (res == nil || res.Errors() == 0):
		return fmt.Errorf("refused without a diagnostic: %w", err)
	case err == nil && len(res.Files) == 0:
		return fmt.Errorf("neither a package nor an error")
	}
	for _, d := range res.Diagnostics {
		if d.Rule == "document-cost" && (d.Line == 0 || d.File == "" || d.Advice == "") {
			return fmt.Errorf("refused without a place or advice: %v", d)
		}
	}
	return nil
}

// used is the processor time of this process.
func used() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// FuzzDocumentCost looks for documents that cost more than their size: it puts schemas together
// from small blocks, as its input says.
func FuzzDocumentCost(f *testing.F) {
	for i := range blocks {
		f.Add([]byte{uint8(12), uint8(i), 1, 2, uint8(i), 2, 3, uint8(i), 3, 1})
		f.Add([]byte{uint8(20), 6, uint8(i), 1, 1, 5, 1, 2, uint8(i), 6, 7, 1, 1, uint8(i)})
	}
	f.Fuzz(func(t *testing.T, program []byte) {
		if len(program) > 256 {
			return
		}
		if text := built(program); len(text) < 1<<15 {
			if err := affordable(text); err != nil {
				t.Errorf("%v\n%s", err, text)
			}
		}
	})
}

// program is the input of the fuzzer, which repeats itself without end.
type program struct {
	code    []byte
	at      int
	schemas int
	self    int // the schema that is being made
}

func (p *program) next(n int) int {
	if len(p.code) == 0 || n <= 0 {
		return 0
	}
	p.at++
	return (int(p.code[p.at%len(p.code)]) + p.at/len(p.code)) % n
}

// other is a schema: mostly one of the next ones, so that what doubles has room.
func (p *program) other() string {
	switch p.next(8) {
	case 0:
		return to(fmt.Sprint("A", p.next(p.schemas))) // also one before: a cycle
	case 1:
		return leaf
	}
	return to(fmt.Sprint("A", min(p.schemas, p.self+1+p.next(2))))
}

// blocks are what schemas are put together from.
var blocks = []func(p *program) string{
	func(p *program) string { return `"allOf":[` + p.other() + `,` + p.other() + `]` },
	func(p *program) string { return `"oneOf":[` + p.other() + `,` + p.more() + `]` },
	func(p *program) string { return `"anyOf":[` + p.other() + `,` + p.more() + `]` },
	func(p *program) string { return `"not":` + p.other() },
	func(p *program) string {
		return `"if":` + p.other() + `,"then":` + p.other() + `,"else":` + p.other()
	},
	func(p *program) string { return `"contains":` + p.other() + `,"minContains":` + fmt.Sprint(p.next(3)) },
	func(p *program) string {
		return `"dependentSchemas":{"a":` + p.other() + `,"b":` + p.other() + `},"dependentRequired":{"a":["b"],"b":["c"]}`
	},
	func(p *program) string {
		return `"patternProperties":{"^a":` + p.other() + `,"(b|c){1,9}":` + p.other() + `}`
	},
	func(p *program) string {
		return `"prefixItems":[` + p.other() + `,` + p.other() + `],"minItems":2,"uniqueItems":true`
	},
	func(p *program) string { return `"items":` + p.other() + `,"minItems":` + fmt.Sprint(p.next(1000)) },
	func(p *program) string {
		return `"type":"object","properties":{"l":` + p.other() + `,"r":` + p.other() + `},"required":["l","r"]`
	},
	func(p *program) string {
		return `"type":"object","properties":{"l":` + p.other() + `,"a":{"type":"string","readOnly":true}}`
	},
	func(p *program) string {
		return fmt.Sprintf(`"type":"object","properties":{"k":{"enum":[%s]}},"required":["k"]`, list(1+p.next(40), func(i int) string { return fmt.Sprintf(`"v%d"`, i) }))
	},
	func(p *program) string {
		return `"allOf":[` + list(1+p.next(12), func(i int) string {
			return fmt.Sprintf(`{"oneOf":[{"required":["a%d"]},{"required":["b%d"]},{"required":["c%d"]}]}`, i, i+1, i*5%7)
		}) + `]`
	},
	func(p *program) string {
		n := 2 + p.next(4)
		return fmt.Sprintf(`"oneOf":[%s],"discriminator":{"propertyName":"k","mapping":{%s}}`, list(n, func(i int) string { return to(fmt.Sprint("A", min(p.schemas, p.self+1+i))) }),
			list(n, func(i int) string {
				return fmt.Sprintf(`"m%d":"#/components/schemas/A%d"`, i, min(p.schemas, p.self+1+i))
			}))
	},
	func(p *program) string { return `"unevaluatedProperties":false` },
	func(p *program) string { return `"additionalProperties":` + p.other() },
	func(p *program) string { return `"propertyNames":` + p.other() },
	func(p *program) string { return fmt.Sprintf(`"minProperties":%d,"maxProperties":%d`, p.next(9), 9) },
	func(p *program) string { return fmt.Sprintf(`"required":["r%d","a"]`, p.next(9)) },
	func(p *program) string { return `"type":["object","string","array","null"]` },
	func(p *program) string {
		return fmt.Sprintf(`"type":"string","pattern":"^(a{0,%d}|[b-d]+)*$"`, 1+p.next(99))
	},
	func(p *program) string {
		return `"type":"number","multipleOf":1e-99,"minimum":-1e99,"enum":[1,2,1e1,"a",null,{"a":[1]}]`
	},
	func(p *program) string { return `"x-bailey-mask":"redact","writeOnly":true` },
	func(p *program) string { return `"default":{"a":[1,2,{"b":null}]},"const":{"a":"b"}` },
}

// more is another schema with more of its own.
func (p *program) more() string {
	if p.next(3) == 0 {
		return p.other()
	}
	return fmt.Sprintf(`{"allOf":[%s,{"required":["m%d"],"minProperties":%d}]}`, p.other(), p.self, p.self%7)
}

// built is the document of a program.
func built(code []byte) string {
	p := &program{code: code}
	p.schemas = 2 + p.next(24)
	var schemas []string
	for p.self = range p.schemas {
		made := map[string]bool{}
		var parts []string
		for range 1 + p.next(3) {
			at := p.next(len(blocks))
			text := blocks[at](p)
			key, _, _ := strings.Cut(text, ":")
			clash := made[key]
			for _, k := range []string{`"allOf"`, `"oneOf"`, `"anyOf"`, `"type"`, `"properties"`, `"required"`, `"minItems"`, `"minProperties"`} {
				has := strings.Contains(text, k+":")
				clash = clash || has && made[k]
			}
			if clash {
				continue
			}
			for _, k := range []string{`"allOf"`, `"oneOf"`, `"anyOf"`, `"type"`, `"properties"`, `"required"`, `"minItems"`, `"minProperties"`} {
				made[k] = made[k] || strings.Contains(text, k+":")
			}
			made[key] = true
			parts = append(parts, text)
		}
		schemas = append(schemas, fmt.Sprintf(`"A%d":{%s}`, p.self, strings.Join(parts, ",")))
	}
	schemas = append(schemas, fmt.Sprintf(`"A%d":%s`, p.schemas, leaf))
	q := ""
	if p.next(2) == 0 {
		q = `,"parameters":[{"name":"f","in":"query","style":"deepObject","schema":` + to("A0") + `},{"name":"g","in":"query","schema":` + to("A1") + `}]`
	}
	kind := []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data", "application/json"}[p.next(4)]
	op := fmt.Sprintf(`{"operationId":"x","x-bailey-public":"a test"%s,"requestBody":{"content":{"%s":{"schema":%s}}},"responses":{"200":{"description":"d","content":{"application/json":{"schema":%s}}}}}`, q, kind, to("A0"), to("A0"))
	return document("", strings.Join(schemas, ","), `"/x":{"post":`+op+`}`)
}

// TestRedteamGeneratorCost renders the hostile documents: small ones end in a package, and what
// they need beyond their size ends in a refusal at a place. None of them costs more memory than
// its size allows. With BAILEY_CORPUS_ALL they are larger, and their costs are logged.
func TestRedteamGeneratorCost(t *testing.T) {
	refused := map[string]bool{}
	for _, h := range hostileDocuments {
		n := 400
		switch {
		case h.steps:
			n = 24
		case os.Getenv("BAILEY_CORPUS_ALL") != "":
			n = 4000
		}
		text := h.text(n)
		start := used()
		if err := affordable(text); err != nil {
			t.Errorf("%s: %v", h.name, err)
		}
		if testing.Verbose() {
			t.Logf("%s: %d bytes, %v", h.name, len(text), (used() - start).Round(time.Millisecond))
		}
		_, res, _ := costOfText(h.text(min(n, 40)))
		for _, d := range res.Diagnostics {
			refused[h.name] = refused[h.name] || d.Rule == "document-cost"
		}
	}
	// Those that double with each step cannot end in another way; the others are no larger
	// than documents that people write.
	for _, h := range hostileDocuments {
		if refused[h.name] != exponential[h.name] {
			t.Errorf("%s: refused for its cost: %v", h.name, refused[h.name])
		}
	}
}

// ending is what becomes of a document: a package, or the rule of the first error, and of its cost
// the stage.
func ending(text string) string {
	_, res, err := costOfText(text)
	if err == nil {
		return "package"
	}
	for _, d := range res.Diagnostics {
		if m := stageOf.FindStringSubmatch(d.Message); d.Rule == "document-cost" && m != nil {
			return "`" + d.Rule + "`, " + m[1]
		}
		if !d.Warning {
			return "`" + d.Rule + "`"
		}
	}
	return "nothing"
}

var stageOf = regexp.MustCompile(`stage (\w+) needs`)

// TestDocumentCostPage holds the tables of docs/document-cost.md: the budgets, and what becomes of
// each hostile document. Times and memory there were measured once.
func TestDocumentCostPage(t *testing.T) {
	page, err := os.ReadFile("../docs/document-cost.md")
	if err != nil {
		t.Fatal(err)
	}
	for s := range cost.Stages {
		l := cost.Of(s)
		row := fmt.Sprintf("| %s | %s | %d | %d | %.1f |\n", l.Name, l.What, l.Base, l.Factor, l.Most)
		if !strings.Contains(string(page), row) {
			t.Errorf("the page lacks the row %s", row)
		}
		if l.Most == 0 || float64(l.Factor) < 10*l.Most {
			t.Errorf("stage %s: the factor %d is not ten times the greatest real use %.1f", l.Name, l.Factor, l.Most)
		}
	}
	for _, h := range hostileDocuments {
		if !h.steps {
			if !strings.Contains(string(page), "| "+h.name+" |") {
				t.Errorf("the page lacks %q", h.name)
			}
			continue
		}
		row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(h.name) + ` \|.*\| ` + regexp.QuoteMeta(ending(h.text(24))) + ` \|$`)
		if !row.Match(page) {
			t.Errorf("the page lacks a row of %q that ends with %s", h.name, ending(h.text(24)))
		}
	}
}

// exponential are the hostile documents whose cost doubles with each step, whatever the algorithm.
var exponential = map[string]bool{
	"oneOf of a schema and of more of it": true,
	"anyOf of a schema and of more of it": true,
	"two members in a query":              true,
}
