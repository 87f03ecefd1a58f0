package decide_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/decide"
)

// show prints what was decided, one line for each declared type, operation and reply.
func show(api *model.API) string {
	var b strings.Builder
	for _, t := range api.Types {
		fmt.Fprintf(&b, "%s %s\n", t.Name, kindOf(t))
	}
	for _, op := range api.Operations {
		fmt.Fprintf(&b, "%s(%s) %s\n", op.Name, fields(op.Fields), result(op))
	}
	return b.String()
}

var kinds = map[model.Kind]string{model.Struct: "struct", model.Sum: "sum", model.Scalar: "enum"}

func kindOf(t *model.Type) string {
	text := kinds[t.Kind]
	switch t.Kind {
	case model.Struct:
		text += "{" + fields(t.Fields) + "}"
		if t.Extra != nil {
			text += " + " + t.Extra.Go.String()
		}
		if t.Unknown.String() != "wire.Silent" {
			text += " " + t.Unknown.String()
		}
		text += groups(t.Groups)
	case model.Sum:
		text += " " + []string{"", "by kind", "by " + t.Discriminator.String(), "by trying one", "by trying any"}[t.Choice]
		for _, v := range t.Variants {
			text += fmt.Sprintf(" %s:%s", v.Name, v.Type.Go)
			for _, value := range v.Values {
				text += "=" + value.String()
			}
			for _, k := range v.Kinds {
				text += "=" + k.String()
			}
		}
	case model.Scalar:
		for _, e := range t.Enum {
			text += fmt.Sprintf(" %s=%s", e.Name, e.Value)
		}
	}
	return text
}

func groups(list []model.Group) string {
	var out string
	for _, g := range list {
		if g.One == nil {
			out += fmt.Sprintf(" %s%v", g.Keyword, g.Any)
		}
		for _, sets := range g.One {
			out += fmt.Sprintf(" %s%v", g.Keyword, sets)
		}
	}
	return out
}

func fields(list []*model.Field) string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = fmt.Sprintf("%s %s", f.Name, f.Go)
		if f.Required {
			out[i] += "!"
		}
		if f.HasDefault {
			out[i] += "=" + f.Default.String()
		}
		if checks := keywords(f.Type); checks != "" {
			out[i] += " " + checks
		}
	}
	return strings.Join(out, "; ")
}

// keywords are the keywords that a field's type is checked for, in their order.
func keywords(t *model.Type) string {
	var out []string
	for ; t != nil; t = t.Elem {
		for _, c := range t.Checks {
			word, _ := strconv.Unquote(c.Keyword.String())
			out = append(out, word)
		}
		if t.Kind == model.Scalar || t.Declared {
			break
		}
	}
	return strings.Join(out, ",")
}

func result(op *model.Operation) string {
	var out []string
	for _, o := range op.Outcomes {
		text := o.Status.String()
		if o.Dynamic {
			text = o.Low.String() + "-" + o.High.String()
		}
		switch {
		case o.Reply != nil:
			text += " " + o.Reply.Name.String()
		case o.Body != nil:
			text += " " + op.ResultType().String()
		}
		if o.Error {
			text += " error"
		}
		out = append(out, text)
	}
	if op.Several {
		out = append(out, "as "+op.Interface.String())
	}
	return strings.Join(out, ", ")
}

// head makes a document of operations and components that are given as YAML.
const head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"

// schemas is a document that asks for and answers with schema A of some components.
func schemas(components string) string {
	return head + `paths:
  /a:
    post:
      operationId: send
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {'200': {description: done, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
components:
  schemas:
` + indent(components, 4)
}

// asks is a document that asks for a schema A of one line, as the property a of a body.
func asks(schema string) string {
	return head + `paths:
  /a:
    post:
      operationId: send
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {a: ` + schema + `}}}}}
      responses: {'204': {description: done}}
`
}

func indent(text string, by int) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	return strings.Repeat(" ", by) + strings.Join(lines, "\n"+strings.Repeat(" ", by)) + "\n"
}

// decision is a document and what is decided for it.
type decision struct{ name, document, want string }

func (d decision) run(t *testing.T) {
	t.Run(d.name, func(t *testing.T) {
		t.Parallel()
		if got, want := show(built(t, d.document)), strings.TrimLeft(d.want, "\n"); got != want {
			t.Errorf("got:\n%swant:\n%s", got, want)
		}
	})
}

// field is the one field of the one type that a document of asks has, and what was
// warned of.
func field(t *testing.T, schema string) (*model.Field, diag.List) {
	t.Helper()
	api, diags := decide.Build(read(t, asks(schema)))
	if diags.HasErrors() {
		t.Fatalf("the document is refused: %v", diags)
	}
	for _, typ := range api.Types {
		if typ.Name.String() == "SendBody" {
			return typ.Fields[0], diags
		}
	}
	t.Fatalf("there is no body in\n%s", show(api))
	return nil, nil
}
