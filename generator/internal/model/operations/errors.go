package operations

import (
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/refusals"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// shapes gives refusals the shapes that the document declares.
type shapes struct {
	*Builder
	document *policy.Errors // nil where the document has none
	statuses []policy.ErrorStatus
	bodies   map[string]*model.ErrorBody
	tables   map[string]int
	used     map[*policy.ErrorBody]bool
	fitted   map[*policy.ErrorBody]bool // templates that fit a schema
	told     map[diag.Diagnostic]bool
	// uses counts for how many responses the document's template serves a schema.
	uses  map[*schema.Schema]int
	order []refusals.Contract
}

// Errors gives refusals the shapes that x-bailey-errors and the declared responses ask for. It says where a
// template does not fit, and without one where the problem document does not.
func (b *Builder) Errors() {
	s := &shapes{
		Builder: b, document: b.In.Policies.Errors[b.In.Doc.Root], bodies: map[string]*model.ErrorBody{}, tables: map[string]int{},
		used: map[*policy.ErrorBody]bool{}, fitted: map[*policy.ErrorBody]bool{}, told: map[diag.Diagnostic]bool{}, uses: map[*schema.Schema]int{},
	}
	if s.document != nil {
		s.statuses = s.document.Status
		if s.document.Terse {
			s.API.Terse = gosrc.NewComment("details: terse, by x-bailey-errors at " + s.document.TerseAt.String() + ". Details of violations name no bound, value or pattern of the document.")
		}
	}
	for _, op := range b.API.Operations {
		for _, d := range refusals.DeclaredBy(op.Source, s.statuses) {
			s.response(op, d)
		}
	}
	s.fallback()
	s.unused()
}

// response is the shape of one error response.
func (s *shapes) response(op *model.Operation, d refusals.Declared) {
	body, asked, misfit := refusals.Answer(s.In.Policies, s.In.Doc.Root, d, s.statuses, s.fit)
	reply := model.ErrorReply{Low: gosrc.Int(int64(d.Low)), High: gosrc.Int(int64(d.High))}
	switch {
	case misfit != nil && misfit.Unserved:
		s.tell(diag.Diagnostic{
			Pos: misfit.At, Severity: diag.Warning, Rule: rules.ErrorShape, Message: "no media type of this error response can hold a template: refusals are sent as where none is declared",
			Advice: "templates serve JSON and text/plain",
		})
		return
	case misfit != nil:
		s.tell(diag.Diagnostic{
			Pos: misfit.Pos, Rule: rules.ErrorTemplate, Message: fmt.Sprintf("x-bailey-errors does not fit the error schema at %v: %s", misfit.At, misfit.Text),
			Advice: "change it, or write x-bailey-errors on that schema or its response: another template, or body: problem",
		})
		return
	case !asked:
		s.undeclared(d)
		return
	case body != nil:
		reply.Body = s.body(body)
	}
	op.Errors = append(op.Errors, reply)
}

// fit fits a template, and notes which of its members are of use.
func (s *shapes) fit(t *policy.ErrorBody, c refusals.Contract) (*refusals.Body, *refusals.Misfit) {
	body, misfit := refusals.Fit(t, c, s.In.Schemas)
	if body == nil {
		return nil, misfit
	}
	for used := range body.Used {
		s.used[used] = true
	}
	s.fitted[t] = true
	if s.document != nil && t == s.document.Body && c.Schema != nil {
		if s.uses[c.Schema] == 0 {
			s.order = append(s.order, c)
		}
		s.uses[c.Schema]++
	}
	return body, nil
}

// undeclared warns where problem documents do not have the shape of a declared error schema.
func (s *shapes) undeclared(d refusals.Declared) {
	for _, m := range d.Response.Content {
		if m.Kind != openapi.MediaJSON || m.Schema == nil {
			continue
		}
		if why := refusals.Problem(m.Schema, d.Statuses, s.In.Schemas); why != "" {
			s.tell(diag.Diagnostic{
				Pos: m.Schema.Pos, Severity: diag.Warning, Rule: rules.ErrorShape,
				Message: "the server's own refusals are problem documents (RFC 9457), and not of this declared error schema",
				Advice:  "write x-bailey-errors; bailey errors DOCUMENT proposes it",
			})
		}
		return
	}
}

// tell says something once.
func (s *shapes) tell(d diag.Diagnostic) {
	if !s.told[d] {
		s.told[d] = true
		s.Diags.Add(d)
	}
}

// fallback is the shape where no response declares one: the document's template, in the schema that most responses
// have and that serves every status.
func (s *shapes) fallback() {
	if s.document == nil || s.document.Body == nil && len(s.statuses) == 0 {
		return
	}
	view := &model.Refusals{Doc: gosrc.NewComment("refusals are those that no operation declares, by x-bailey-errors at " + s.document.Pos.String() + ".")}
	for _, m := range s.statuses {
		view.Status = append(view.Status, model.StatusMap{From: gosrc.Int(int64(m.From)), To: gosrc.Int(int64(m.To))})
	}
	s.API.Refusals = view
	if s.document.Body == nil || s.document.Body.Word == policy.ErrorProblem {
		return
	}
	if s.document.Body.Word == policy.ErrorNone {
		view.Body = s.body(&refusals.Body{Empty: true})
		return
	}
	slices.SortStableFunc(s.order, func(a, b refusals.Contract) int { return s.uses[b.Schema] - s.uses[a.Schema] })
	all := refusals.Contract{Media: "application/json", Statuses: refusals.Sent, Map: s.statuses, Codes: s.document.Codes, Docs: s.document.Docs}
	for _, c := range append(s.order, all) {
		c.Statuses, c.Codes, c.Docs = refusals.Sent, s.document.Codes, s.document.Docs
		body, misfit := refusals.Fit(s.document.Body, c, s.In.Schemas)
		if body != nil {
			view.Body = s.body(body)
			return
		}
		if c.Schema == nil {
			s.tell(diag.Diagnostic{
				Pos: misfit.Pos, Rule: rules.ErrorTemplate, Message: "x-bailey-errors does not serve refusals that no response declares: " + misfit.Text,
				Advice: "complete codes, with an entry for default",
			})
		}
	}
}

// unused refuses templates and members of them that serve no response.
func (s *shapes) unused() {
	served := map[*policy.Errors]bool{}
	for _, op := range s.In.API.Operations {
		for _, d := range refusals.DeclaredBy(op, s.statuses) {
			for _, m := range append([]*openapi.Media{nil}, d.Response.Content...) {
				for _, e := range refusals.HolderOf(s.In.Policies, s.In.Doc.Root, d.Response, m).Used {
					served[e] = true
				}
			}
		}
	}
	for _, n := range s.In.Policies.ErrorHolders {
		e := s.In.Policies.Errors[n]
		if n != s.In.Doc.Root && !served[e] {
			s.tell(diag.Diagnostic{
				Pos: e.Pos, Rule: rules.ErrorTemplate, Message: "x-bailey-errors stands where no error response of an operation is described",
				Advice: "write it on the document, on an error response, or on the schema of its whole body",
			})
		}
		if e.Body != nil && s.fitted[e.Body] {
			s.unusedMembers(e.Body)
		}
		if list := slices.Concat(e.Codes, e.Docs); len(list) > 0 && !s.asksTables() {
			s.tell(diag.Diagnostic{
				Pos: list[0].Pos, Rule: rules.ErrorTemplate, Message: "x-bailey-errors has codes or docs, and no template has the part {code} or {docs}",
				Advice: "write the part into body, or leave the table out",
			})
		}
	}
}

// asksTables reports whether a template has a part that is looked up.
func (s *shapes) asksTables() bool {
	var asks func(b *policy.ErrorBody) bool
	asks = func(b *policy.ErrorBody) bool {
		return b != nil && (b.Part == "code" || b.Part == "docs" || asks(b.Item) || slices.ContainsFunc(b.Members, func(m policy.ErrorMember) bool { return asks(m.Value) }))
	}
	return slices.ContainsFunc(s.In.Policies.ErrorHolders, func(n *load.Node) bool { return asks(s.In.Policies.Errors[n].Body) })
}

// unusedMembers refuses members that no schema has: a name that is spelled wrong would be left out silently.
func (s *shapes) unusedMembers(b *policy.ErrorBody) {
	if b.Item != nil {
		s.unusedMembers(b.Item)
	}
	for _, m := range b.Members {
		switch {
		case s.used[m.Value]:
			s.unusedMembers(m.Value)
		case s.used[b]:
			s.tell(diag.Diagnostic{
				Pos: m.Pos, Rule: rules.ErrorTemplate, Message: fmt.Sprintf("no declared error schema has the member %q of the template", m.Name),
				Advice: "correct its name, or leave it out",
			})
		}
	}
}

// body is the view of a body, each once.
func (s *shapes) body(f *refusals.Body) *model.ErrorBody {
	v := &model.ErrorBody{Media: gosrc.Quote(f.Media), Plain: f.Text, Empty: f.Empty}
	switch {
	case f.Empty:
		v.Doc = gosrc.NewComment("No body.")
	case f.Text:
		v.Doc = gosrc.NewComment("The detail, as text.")
	default:
		v.Doc = gosrc.NewComment(f.From.String())
		v.Pieces = piecesOf(f.Pieces)
		if asks(f.Pieces, "code") {
			v.Codes, v.HasCodes = s.table("codes", f.Codes), true
		}
		if asks(f.Pieces, "docs") && len(f.Docs) > 0 {
			v.Docs, v.HasDocs = s.table("docs", f.Docs), true
		}
	}
	key := fmt.Sprint(f.Media, f.Text, f.Empty, f.Pieces, v.Codes, v.Docs)
	if known := s.bodies[key]; known != nil {
		return known
	}
	v.Index = gosrc.Int(int64(len(s.API.ErrorBodies)))
	s.API.ErrorBodies = append(s.API.ErrorBodies, v)
	s.bodies[key] = v
	return v
}

func asks(pieces []refusals.Piece, part string) bool {
	return slices.ContainsFunc(pieces, func(p refusals.Piece) bool { return p.Part == part || asks(p.List, part) })
}

// table is the place of a table, each once.
func (s *shapes) table(what string, list []policy.ErrorCode) gosrc.Literal {
	key := what
	t := model.ErrorCodes{Doc: gosrc.NewComment("x-bailey-errors." + what)}
	if len(list) > 0 {
		t.Doc = gosrc.NewComment("x-bailey-errors." + what + " at " + list[0].Pos.String())
	}
	for _, c := range list {
		key += fmt.Sprintf(" %q %q %d", c.For, c.Value.Text, c.Value.Kind)
		t.Entries = append(t.Entries, model.ErrorCode{For: gosrc.Quote(c.For), Value: gosrc.Quote(c.Value.Text), Number: c.Value.Kind == load.Number})
	}
	i, ok := s.tables[key]
	if !ok {
		i = len(s.API.ErrorCodes)
		s.tables[key] = i
		s.API.ErrorCodes = append(s.API.ErrorCodes, t)
	}
	return gosrc.Int(int64(i))
}

// parts are the constants of package gen.
var parts = map[string]gosrc.Expr{
	"status": gosrc.Raw("gen.PartStatus"), "title": gosrc.Raw("gen.PartTitle"), "detail": gosrc.Raw("gen.PartDetail"), "code": gosrc.Raw("gen.PartCode"),
	"request-id": gosrc.Raw("gen.PartRequestID"), "docs": gosrc.Raw("gen.PartDocs"), "retry-after": gosrc.Raw("gen.PartRetryAfter"),
	"place": gosrc.Raw("gen.PartPlace"), "pointer": gosrc.Raw("gen.PartPointer"), "in": gosrc.Raw("gen.PartIn"), "parameter": gosrc.Raw("gen.PartParameter"),
	"keyword": gosrc.Raw("gen.PartKeyword"),
}

// merged makes one piece of constant text that follows constant text.
func merged(list []refusals.Piece) []refusals.Piece {
	var out []refusals.Piece
	for _, p := range list {
		if n := len(out); n > 0 && p.Key == "" && p.Part == "" && !p.IsList && out[n-1].Part == "" && !out[n-1].IsList {
			out[n-1].Text += p.Text
			continue
		}
		out = append(out, p)
	}
	return out
}

func piecesOf(list []refusals.Piece) []model.ErrorPiece {
	var out []model.ErrorPiece
	for _, p := range merged(list) {
		v := model.ErrorPiece{
			Key: gosrc.Quote(p.Key), HasKey: p.Key != "", Text: gosrc.Quote(p.Text), HasText: p.Text != "",
			AsText: p.AsText && p.Part != "", Optional: p.Optional, UUID: p.UUID,
			Max: gosrc.Int(p.Max), HasMax: p.Max > 0, Most: gosrc.Int(p.Most), HasMost: p.Most > 0,
			Each: piecesOf(p.List),
		}
		v.Part, v.HasPart = parts[p.Part], p.Part != ""
		out = append(out, v)
	}
	return out
}
