package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// SequenceGo is the Go type of a stream of elem.
func (t *Type) SequenceGo(elem gosrc.Expr) gosrc.Expr {
	if t.Events != nil {
		return gosrc.Raw("iter.Seq2[runtime.Event[%], error]", elem)
	}
	return gosrc.Raw("iter.Seq2[%, error]", elem)
}

// IsSequence reports whether the type is a stream of items.
func (t *Type) IsSequence() bool { return t.Kind == Sequence }

// sendItems is the statement that writes the stream at the place at.
func (t *Type) sendItems(status, media, at gosrc.Part) gosrc.Expr {
	if t.Events == nil {
		return gosrc.Raw("gen.ReplyItems(c, %, %, %, %)", status, media, at, t.Elem.itemEncoder())
	}
	e := t.Events
	var rules []gosrc.Part
	for _, r := range []struct {
		set  bool
		rule gosrc.Expr
	}{
		{e.Text, gosrc.Raw("Text: true")},
		{len(e.Names) > 0, gosrc.Raw("Names: %", gosrc.Strings(e.Names))},
		{e.NeedName, gosrc.Raw("NeedName: true")},
		{e.NeedID, gosrc.Raw("NeedID: true")},
		{e.NeedRetry, gosrc.Raw("NeedRetry: true")},
	} {
		if r.set {
			rules = append(rules, r.rule)
		}
	}
	return gosrc.Raw("gen.ReplyEvents(c, %, %, %, gen.Events{%})", status, at, t.Elem.itemEncoder(), gosrc.List(", ", rules...))
}

// Items reports whether the reply is a stream of items.
func (r *Reply) Items() bool { return r.Body != nil && r.Body.IsSequence() }

// SendItems is the statement that sends the reply v, which is a stream of items.
func (r *Reply) SendItems() gosrc.Expr {
	return r.Body.sendItems(gosrc.Raw("status"), r.MediaExpr(), gosrc.Raw("v.Body"))
}

// SendItems is the statement that sends the stream that the handler returned as v.
func (o *Outcome) SendItems() gosrc.Expr { return o.Body.sendItems(o.Status, o.Media, gosrc.Raw("v")) }

// Sequence reports whether the body is a stream of items, which the handler reads.
func (m *BodyMedia) Sequence() bool { return m.Kind == openapi.MediaSequence }

// ReadItems is the statement that hands the stream to the handler.
func (m *BodyMedia) ReadItems() gosrc.Expr {
	return gosrc.Raw("% = gen.ReadItems(c, %)", m.Place().At, m.Field.Type.Elem.itemDecoder())
}
