package operations

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// answer is one type of response that an operation has: a response with one of its media types.
type answer struct {
	response *openapi.Response
	media    *openapi.Media // nil for none
	isErr    bool
	key      replyKey
	// shared is set for a component, which is one type for all operations. own is the operation of
	// others.
	shared bool
	own    *openapi.Operation
}

func (a *answer) name() replyName { return replyName{a.key, a.own} }

// answersOf are the types of an operation's responses. A component that the operation has for
// several statuses is shared for the first: the type says which status is meant.
func (b *Builder) answersOf(op *openapi.Operation, list []*openapi.Response, isErr bool, had map[replyKey]bool) []*answer {
	var out []*answer
	for _, r := range list {
		content := r.Content
		if len(content) == 0 {
			content = []*openapi.Media{nil}
		}
		for _, m := range content {
			a := &answer{response: r, media: m, isErr: isErr, key: replyKey{node: r.Node, isErr: isErr, dynamic: dynamic(r.Status)}}
			if m != nil {
				a.key.media = m.Name
			}
			_, _, a.shared = b.In.Doc.ComponentName(r.Node)
			if a.shared = a.shared && !had[a.key]; !a.shared {
				a.own, a.key.status = op, r.Status
			}
			had[a.key] = true
			out = append(out, a)
		}
	}
	return out
}

// claim is what the type of an answer is called: a component by its name, others by the operation and
// the status.
func (b *Builder) claimAnswer(op gosrc.Ident, a *answer) *naming.Claim {
	c := &naming.Claim{Rank: types.RankOperation, Pos: a.response.Pos}
	base := op.Plus(statusWord(a.response.Status))
	word := "Response"
	if a.shared {
		_, component, _ := b.In.Doc.ComponentName(a.key.node)
		base = gosrc.Exported(component)
		c.ID, c.What, c.Rank, c.Exact = "response "+component, "response "+component, types.RankResponse, base.String() == component
		if a.key.dynamic {
			base = base.Plus("WithStatus") // it has a field for it
		}
	} else {
		c.ID, c.What = op.String()+" "+a.response.Status, "response "+a.response.Status+" of "+op.String()
	}
	if slices.Index(a.response.Content, a.media) > 0 {
		base = base.Plus(gosrc.Exported(mediaWord(a.media)).String())
		c.ID, c.Exact = c.ID+" "+a.media.Name, false
	}
	if a.isErr && !strings.HasSuffix(base.String(), "Error") {
		word = "Error"
	}
	if !a.isErr {
		c.ID += " success"
		if a.shared {
			c.Exact = false // an error has the name
		}
	}
	c.Choices = []gosrc.Ident{base, base.Plus(word)}
	if len(a.response.Content) > 1 && a.media != nil { // two media types may have one word
		c.Own = true
		c.Choices = []gosrc.Ident{base, base.Plus(gosrc.Exported(a.media.Name).String()), base.Plus(word)}
	}
	return c
}

// outcomesOf divides the responses of an operation into its successes and its failures. direct is
// set where the handler returns the body itself, or nothing.
func outcomesOf(op *openapi.Operation) (successes, failures []*openapi.Response, direct bool) {
	var fallback *openapi.Response
	for _, r := range op.Responses {
		switch {
		case r.Status == "default":
			fallback = r
		case r.Status[0] <= '3':
			successes = append(successes, r)
		default:
			failures = append(failures, r)
		}
	}
	if fallback != nil {
		if len(successes) == 0 {
			successes = append(successes, fallback)
		} else {
			failures = append(failures, fallback)
		}
	}
	if len(successes) == 1 && !dynamic(successes[0].Status) && len(successes[0].Headers) == 0 {
		c := successes[0].Content
		direct = len(c) == 0 || len(c) == 1 && (c[0].Kind == openapi.MediaJSON || c[0].Items != nil)
	}
	return successes, failures, direct
}

// NameOperations gives every operation its Go name, and its request and responses theirs, before any
// type of a place is named.
func (b *Builder) NameOperations(ops []*openapi.Operation) {
	var claims, requests, interfaces []*naming.Claim
	answers := map[replyName]*naming.Claim{}
	for i, name := range b.operationNames(ops) {
		src := ops[i]
		op := &model.Operation{Source: src, Name: name}
		b.API.Operations = append(b.API.Operations, op)
		about := naming.Claim{ID: name.String(), Rank: types.RankOperation, Pos: src.Pos}
		request, results := about, about
		request.What, request.Choices = "the request of "+name.String(), []gosrc.Ident{name.Plus("Request"), name.Plus("Params")}
		results.What, results.Choices = "the result of "+name.String(), []gosrc.Ident{name.Plus("Result"), name.Plus("Response")}
		requests, interfaces = append(requests, &request), append(interfaces, &results)
		claims = append(claims, &request)
		successes, failures, direct := outcomesOf(src)
		had := map[replyKey]bool{}
		var list []*answer
		if !direct {
			list = b.answersOf(src, successes, false, had)
		}
		if len(list) > 1 {
			claims = append(claims, &results)
		}
		for _, a := range append(list, b.answersOf(src, failures, true, had)...) {
			if answers[a.name()] == nil {
				c := b.claimAnswer(name, a)
				answers[a.name()] = c
				claims = append(claims, c)
			}
		}
	}
	b.Names.Settle(claims)
	b.WarnRequests(requests)
	b.WarnRenamed(claims)
	for i, op := range b.API.Operations {
		op.Request, op.Interface = requests[i].Name, interfaces[i].Name
	}
	for key, c := range answers {
		b.replyNames[key] = c.Name
	}
	for _, op := range b.API.Operations {
		b.rootPlaces(op)
	}
}

// rootPlaces names the places of an operation in which schemas stand: by the operation, or by the
// component or path that they are shared from.
func (b *Builder) rootPlaces(op *model.Operation) {
	src := op.Source
	for i, p := range src.Parameters {
		name := op.Name.Plus(b.ParameterNames(src)[i].String())
		if component, ok := b.SharedName(p.Node, "parameters", "Parameter"); ok {
			name = component
		} else if p.Node != nil && p.Node.Parent != nil && p.Node.Parent.Parent == src.PathNode {
			name = gosrc.Exported(src.PathNode.Key + " " + p.Name)
		}
		b.Places.Root(p.Node, name, true, false)
	}
	if body := src.Body; body != nil {
		base, ok := b.SharedName(body.Node, "requestBodies", "Body")
		names := b.bodyNames(src)
		for i, m := range body.Content {
			name := base
			switch {
			case !ok && m.Kind == openapi.MediaSequence:
				name = op.Name.Plus("Item")
			case !ok:
				name = op.Name.Plus(names[i].String())
			case m.Kind == openapi.MediaSequence:
				name = base.Plus("Item")
			case len(body.Content) > 1:
				name = base.Plus(names[i].String())
			}
			b.rootMedia(m, name, true)
		}
	}
	successes, failures, direct := outcomesOf(src)
	had := map[replyKey]bool{}
	if direct {
		for _, m := range successes[0].Content {
			name := op.Name.Plus("Response")
			if _, component, ok := b.In.Doc.ComponentName(successes[0].Node); ok {
				name = gosrc.Exported(component).Plus("Body")
			} else if m.Items != nil {
				name = op.Name.Plus("Item")
			}
			b.rootMedia(m, name, false)
		}
		successes = nil
	}
	for _, a := range append(b.answersOf(src, successes, false, had), b.answersOf(src, failures, true, had)...) {
		name := b.replyNames[a.name()]
		if _, component, ok := b.In.Doc.ComponentName(a.response.Node); ok {
			name = gosrc.Exported(component) // for all of its types
			if slices.Index(a.response.Content, a.media) > 0 {
				name = name.Plus(gosrc.Exported(mediaWord(a.media)).String())
			}
		}
		for _, h := range a.response.Headers {
			header, ok := b.SharedName(h.Node, "headers", "Header")
			if !ok {
				header = name.Plus(gosrc.Exported(h.Name).String())
			}
			b.Places.Root(h.Node, header, false, false)
		}
		if m := a.media; m != nil && m.Items != nil {
			b.rootMedia(m, name.Plus("Item"), false)
		} else if m != nil {
			b.rootMedia(m, name.Plus("Body"), false)
		}
	}
}

func (b *Builder) rootMedia(m *openapi.Media, name gosrc.Ident, asked bool) {
	for _, n := range m.Nodes {
		if _, _, ok := b.In.Doc.ComponentName(n); !ok {
			b.Places.Root(n, name, asked, true)
		}
	}
}

// bodyNames are the fields of the media types of an operation's body.
func (b *Builder) bodyNames(op *openapi.Operation) []gosrc.Ident {
	if len(op.Body.Content) == 1 {
		return []gosrc.Ident{gosrc.Exported("body")}
	}
	fields := naming.NewScope("Body")
	for _, name := range b.ParameterNames(op) {
		fields.Reserve(name.String())
	}
	claims := make([]*naming.Claim, len(op.Body.Content))
	for i, m := range op.Body.Content {
		word := gosrc.Exported(mediaWord(m))
		claims[i] = &naming.Claim{ID: m.Name, Own: true, Choices: []gosrc.Ident{word, gosrc.Exported(m.Name), word.Plus("Body")}}
	}
	fields.Settle(claims)
	names := make([]gosrc.Ident, len(claims))
	for i, c := range claims {
		names[i] = c.Name
	}
	return names
}

// operationNames gives operations their methods, in one go.
func (b *Builder) operationNames(ops []*openapi.Operation) []gosrc.Ident {
	claims := make([]*naming.Claim, len(ops))
	for i, src := range ops {
		route := gosrc.Exported(strings.ToLower(src.Method) + " " + src.Path)
		c := &naming.Claim{ID: src.Title(), Rank: types.RankOperation, Own: true, Choices: []gosrc.Ident{route}, Pos: src.Pos, What: src.Title()}
		if src.ID != "" {
			id := gosrc.Exported(src.ID)
			c.ID, c.Exact, c.Choices = src.ID, id.String() == src.ID, []gosrc.Ident{id, route}
		}
		if src.AliasOf != nil { // the operationId is that one's
			c.ID, c.Rank, c.Exact = src.Title(), types.RankPlace, false
		} else if pol := b.In.Policies.Operations[src.Node]; pol != nil && pol.GoName != "" {
			c.Rank, c.Exact, c.Choices[0] = types.RankChosen, true, naming.IdentOf(pol.GoName)
		}
		claims[i] = c
	}
	b.methods.Settle(claims)
	b.WarnRenamed(claims)
	out := make([]gosrc.Ident, len(ops))
	for i, c := range claims {
		out[i] = c.Name
	}
	return out
}
