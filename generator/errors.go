package generator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	shapes "github.com/bailey-go/bailey/generator/internal/refusals"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// ProposeErrors proposes x-bailey-errors for a document, as YAML, from the names of the members of its declared
// error schemas. It is a start: names are what it goes by, and the author knows what they mean. Comments say how many of the declared
// errors the template fills, and why it does not fit the others. Of the configuration, Document and Root count.
//
// The result is nil when the document cannot be opened. An error that is ErrDocument comes with a result that says
// what is wrong with the document.
func ProposeErrors(cfg Config) (string, *Result, error) {
	doc, diags, err := cfg.load()
	if err != nil {
		return "", nil, err
	}
	res := &Result{}
	if doc == nil {
		res, err := res.refuse(cfg, diags)
		return "", res, err
	}
	var text string
	if beyond := cost.Guard(func() { text = proposeErrors(doc) }); beyond != nil {
		res, err := res.refuse(cfg, append(diags, *beyond))
		return "", res, err
	}
	return text, res, nil
}

func proposeErrors(doc *load.Document) string {
	reader := schema.NewReader(doc)
	api, _ := openapi.Read(doc, reader)
	proposal := shapes.Propose(shapes.ContractsOf(api), reader)
	if proposal.Body == nil {
		return "# The document declares no error with a schema of JSON: refusals are problem documents (RFC 9457).\n"
	}
	filled, all, misfits := filledBy(proposal, doc, api, reader)
	var b strings.Builder
	fmt.Fprintf(&b, "# Proposed from names: it fills %d of %d declared errors. Read each line before you use it.\nx-bailey-errors:\n", filled, all)
	var body bytes.Buffer
	_ = json.Indent(&body, []byte(proposal.Body.String()), "    ", "  ") // a template always is JSON
	fmt.Fprintf(&b, "  body:\n    %s\n", body.String())
	if len(proposal.Codes) > 0 {
		b.WriteString("  codes:\n")
		for _, c := range proposal.Codes {
			fmt.Fprintf(&b, "    %s: %s\n", c.For, shapes.JSON(c.Value))
		}
	}
	for _, m := range misfits {
		fmt.Fprintf(&b, "# %s\n", strings.ReplaceAll(m, "\n", " "))
	}
	return b.String()
}

// maxMisfits bounds how many misfits a proposal tells.
const maxMisfits = 20

// filledBy counts the declared errors, and those that a proposal fills.
func filledBy(p shapes.Proposal, doc *load.Document, api *openapi.API, reader *schema.Reader) (filled, all int, misfits []string) {
	set := &policy.Set{Errors: map[*load.Node]*policy.Errors{doc.Root: {Body: p.Body, Codes: p.Codes}}}
	told := map[diag.Pos]bool{}
	for _, op := range api.Operations {
		for _, d := range shapes.DeclaredBy(op, nil) {
			all += len(d.Statuses)
			_, _, misfit := shapes.Answer(set, doc.Root, d, nil, func(b *policy.ErrorBody, c shapes.Contract) (*shapes.Body, *shapes.Misfit) {
				return shapes.Fit(b, c, reader)
			})
			if misfit == nil {
				filled += len(d.Statuses)
				continue
			}
			if !told[misfit.At] && len(misfits) < maxMisfits {
				misfits = append(misfits, fmt.Sprintf("It does not fit the error at %v: %s", misfit.At, misfit.Text))
			}
			told[misfit.At] = true
		}
	}
	return filled, all, misfits
}
