package operations

import (
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/params"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// outcomes reads the responses: successes become the handler's result, the rest
// are errors that it may return.
func (b *Builder) outcomes(op *model.Operation) {
	successes, failures, direct := outcomesOf(op.Source)
	had := map[replyKey]bool{}
	if len(successes) == 0 {
		b.Diags.Warnf(op.Source.Pos, rules.NoSuccess, "no response says what a success looks like; it is answered with 204 and no body")
		op.NoResult = true
		op.Outcomes = append(op.Outcomes, &model.Outcome{Status: statusLiteral("204")})
		b.variants(op, b.answersOf(op.Source, failures, true, had))
		return
	}
	if direct {
		b.direct(op, successes[0])
		b.variants(op, b.answersOf(op.Source, failures, true, had))
		return
	}
	b.variants(op, b.answersOf(op.Source, successes, false, had))
	if len(op.Outcomes) == 1 {
		op.Result = gosrc.Raw("*%", op.Outcomes[0].Reply.Name)
	} else {
		op.Several = true
		op.Result = gosrc.Raw("%", op.Interface)
		for _, o := range op.Outcomes {
			o.Reply.Markers = append(o.Reply.Markers, op.Interface)
		}
	}
	b.variants(op, b.answersOf(op.Source, failures, true, had))
}

// direct lets the handler return the body itself, or nothing.
func (b *Builder) direct(op *model.Operation, r *openapi.Response) {
	o := &model.Outcome{Status: statusLiteral(r.Status), Response: r}
	if len(r.Content) > 0 {
		o.Content = r.Content[0]
		b.MayLeave(o.Content)
	}
	switch {
	case len(r.Content) == 0:
		op.NoResult = true
	case r.Content[0].Kind == openapi.MediaJSON:
		o.Body, o.JSON = b.answerType(r.Content[0], types.PlaceIn(op.Name.Plus("Response"), types.Response)), true
		o.Media = gosrc.Quote(r.Content[0].Name)
		op.Result = gosrc.Raw("")
	default:
		o.Body, o.Media = b.sequence(r.Content[0], types.PlaceIn(op.Name.Plus("Item"), types.Response)), gosrc.Quote(r.Content[0].Name)
		op.Result = gosrc.Raw("")
	}
	op.Outcomes = append(op.Outcomes, o)
}

func (b *Builder) answerType(m *openapi.Media, at types.Place) *model.Type {
	if m.Schema == nil {
		return b.TypeOf(b.Anything, at)
	}
	return b.TypeOf(m.Schema, at)
}

// variants adds the types of responses to an operation.
func (b *Builder) variants(op *model.Operation, list []*answer) {
	for _, a := range list {
		b.outcome(op, a)
	}
}

func (b *Builder) outcome(op *model.Operation, a *answer) {
	r, m := a.response, a.media
	o := &model.Outcome{Dynamic: dynamic(r.Status), Error: a.isErr, Response: r, Content: m}
	if m != nil && !a.isErr && len(r.Content) > 1 && !op.Source.Mixed {
		o.Offered, o.Media = true, gosrc.Quote(m.Name)
	}
	if o.Dynamic {
		low, high := statusRange(r.Status, a.isErr)
		o.Low, o.High = gosrc.Int(low), gosrc.Int(high)
	} else {
		o.Status = statusLiteral(r.Status)
	}
	op.Outcomes = append(op.Outcomes, o)
	if o.Reply = b.replies[a.name()]; o.Reply != nil {
		return
	}
	name := b.replyNames[a.name()]
	reply := &model.Reply{Name: name, Dynamic: o.Dynamic, Error: a.isErr, Message: gosrc.Quote(statusText(r.Status)), Own: a.shared, About: r.Description}
	reply.Doc = gosrc.Doc(name, r.Description)
	b.replyBody(reply, m, name)
	b.replyHeaders(reply, r, name)
	b.replies[a.name()] = reply
	b.API.Replies = append(b.API.Replies, reply)
	o.Reply = reply
}

func (b *Builder) replyBody(reply *model.Reply, m *openapi.Media, name gosrc.Ident) {
	if m == nil {
		return
	}
	b.MayLeave(m)
	reply.Media = gosrc.Quote(m.Name)
	reply.AnyMedia = strings.Contains(m.Type, "*")
	switch m.Kind {
	case openapi.MediaSequence, openapi.MediaEvents:
		reply.Body = b.sequence(m, types.PlaceIn(name.Plus("Item"), types.Response))
	case openapi.MediaJSON:
		reply.JSON = true
		reply.Body = b.answerType(m, types.PlaceIn(name.Plus("Body"), types.Response))
	case openapi.MediaText:
		if streamed(m) {
			reply.Body, reply.Stream = params.Stream(), true
			b.unread(reply.Body, m)
			return
		}
		t := &model.Type{MaxItems: -1}
		b.Scalar(t, "string")
		reply.Body = t
		b.unread(t, m)
	default:
		reply.Body, reply.Stream = params.Stream(), true
		b.unread(reply.Body, m)
	}
}

func statusRange(status string, isErr bool) (low, high int64) {
	if status != "default" {
		low = int64(status[0]-'0') * 100
		return low, low + 99
	}
	if isErr {
		return 400, 599
	}
	return 200, 599
}

func statusLiteral(status string) gosrc.Literal {
	n, _ := strconv.ParseInt(status, 10, 64)
	return gosrc.Int(n)
}
