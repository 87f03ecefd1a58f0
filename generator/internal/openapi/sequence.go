package openapi

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Events says how the items of a text/event-stream become events.
type Events struct {
	// Text is set when the data of an event is text, else it is JSON.
	Text bool
	// Names are the values that the member event may have, nil for any.
	Names []string
	// NeedName, NeedID and NeedRetry are set for members that must be there.
	NeedName, NeedID, NeedRetry bool
}

// lines are the media types that are a sequence of JSON texts.
var lines = []string{"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl", "application/x-jsonlines"}

// isSequence reports whether a media type is a sequence of JSON texts: one a line, or
// each behind a record separator (RFC 7464).
func isSequence(t string) bool {
	return slices.Contains(lines, t) || t == "application/json-seq" || strings.HasSuffix(t, "+json-seq")
}

// sequence reads what is said of the items of a stream (OpenAPI 3.2, Media Type Object:
// itemSchema). Documents of older versions write the schema of one item as the schema of
// the whole, and mean the same.
func (r *reader) sequence(op *Operation, m *Media, node *load.Node) {
	item := node.Get("itemSchema")
	if item != nil {
		m.Nodes = append(m.Nodes, item)
	}
	events := m.Type == "text/event-stream"
	switch {
	case item != nil && !events && !isSequence(m.Type):
		op.Unsupported.Add(diag.Diagnostic{
			Pos: memberPos(node, "itemSchema"), Rule: rules.Sequence, Message: "itemSchema is not supported in " + m.Type + ", and would not be checked",
			Advice: "use it in application/jsonl, application/x-ndjson, application/json-seq or text/event-stream, or describe the stream as a whole",
		})
	case item != nil && m.Schema != nil:
		op.Unsupported.Add(diag.Diagnostic{
			Pos: m.Schema.Pos, Rule: rules.Sequence, Message: "a schema beside itemSchema describes the whole stream, which is never in memory as a whole",
			Advice: "leave it out",
		})
	case item != nil:
		m.Items = r.schemas.Read(item)
		m.Whole = m.Items
	case m.Schema == nil || !events && !isSequence(m.Type):
	case r.doc.Version == "3.2" && m.Schema.Types == schema.TypeArray && m.Schema.Items != nil:
		s := m.Schema
		if s.MinItems > 0 || s.MaxItems >= 0 || s.UniqueItems {
			op.Unsupported.Add(diag.Diagnostic{
				Pos: s.Pos, Rule: rules.Sequence, Message: "the items of a stream are not counted or compared", Advice: "leave out minItems, maxItems and uniqueItems",
			})
		}
		m.Items, m.Schema = s.Items, nil
		m.take(s, "type", "items")
	case events || m.Schema.Types&^(schema.TypeString|schema.TypeNull|schema.TypeArray) != 0 && m.Schema.Types != schema.TypeAny:
		m.Items, m.Schema = m.Schema, nil
	}
	if m.Items == nil {
		return
	}
	m.Kind = MediaSequence
	if events {
		m.Kind = MediaEvents
		r.events(op, m, item != nil)
	}
}

// take claims keywords of a schema, of which the reader itself makes something.
func (m *Media) take(s *schema.Schema, keys ...string) {
	m.Taken = append(m.Taken, schema.Claim{Schema: s, Keys: keys})
}

func memberPos(n *load.Node, key string) diag.Pos {
	for _, m := range n.Members {
		if m.Key == key {
			return m.Pos
		}
	}
	return n.Pos
}

// events finds the data of an event. With itemSchema an item is the whole event, with the
// members data, event, id and retry; where it has none called data, and in older documents,
// it is the data.
func (r *reader) events(op *Operation, m *Media, whole bool) {
	m.Events = &Events{}
	s := m.Items
	var data *schema.Property
	if whole {
		data = s.Property("data")
	}
	if data == nil {
		m.Events.Text = s.Types == schema.TypeString
		return
	}
	if len(s.OneOf)+len(s.AnyOf)+len(s.RequiredAny)+len(s.RequiredOne) > 0 || s.MinProperties > 0 || s.MaxProperties >= 0 || s.BeyondForm() {
		r.noEvents(op, s.Pos, "kinds of events that are told apart by a choice, or a count of their members,")
		return
	}
	m.take(s, "type", "properties", "required", "additionalProperties", "unevaluatedProperties")
	for _, p := range s.Properties {
		if p.Schema.WriteOnly {
			r.noEvents(op, p.Pos, "members of an event that are writeOnly")
		}
		switch p.Name {
		case "data":
		case "event":
			m.Events.NeedName = slices.Contains(s.Required, "event")
			r.eventNames(op, m, p)
			m.take(p.Schema, "type", "enum", "const")
		case "id":
			m.take(p.Schema, "type")
			m.Events.NeedID = slices.Contains(s.Required, "id")
			if p.Schema.Types != schema.TypeString || bounded(p.Schema) || len(p.Schema.Enum) > 0 {
				r.noEvents(op, p.Pos, "bounds of the id of an event")
			}
		case "retry":
			m.Events.NeedRetry = slices.Contains(s.Required, "retry")
			m.take(p.Schema, "type", "minimum")
			if p.Schema.Types != schema.TypeInteger || p.Schema.Minimum != "" && p.Schema.Minimum != "0" || p.Schema.Maximum != "" || len(p.Schema.MultipleOf)+len(p.Schema.Enum) > 0 {
				r.noEvents(op, p.Pos, "bounds of the retry of an event, other than minimum: 0,")
			}
		default:
			r.noEvents(op, p.Pos, "members of an event other than data, event, id and retry")
		}
	}
	m.Items = data.Schema
	m.Events.Text = data.Schema.Types == schema.TypeString
	if m.Events.Text && IsJSON(mediaType(data.Schema.ContentMediaType)) && data.Schema.ContentEncoding == "" {
		m.Events.Text = false
		m.Items = schema.Any()
		m.take(data.Schema, "type")
		if n := data.Schema.Node.Get("contentSchema"); n != nil {
			m.Items = r.schemas.Read(n)
		}
		if bounded(data.Schema) || len(data.Schema.Enum) > 0 {
			r.noEvents(op, data.Pos, "bounds of the text of data that is JSON")
		}
	}
}

func (r *reader) eventNames(op *Operation, m *Media, p schema.Property) {
	if p.Schema.Types != schema.TypeString || bounded(p.Schema) {
		r.noEvents(op, p.Pos, "bounds of the name of an event, other than enum and const,")
	}
	for _, v := range p.Schema.Enum {
		m.Events.Names = append(m.Events.Names, v.Text)
	}
}

// bounded reports whether a string schema has more than a list of values.
func bounded(s *schema.Schema) bool {
	return s.MinLength > 0 || s.MaxLength >= 0 || len(s.Patterns) > 0 || s.Format != "" || len(s.OneOf)+len(s.AnyOf) > 0 || s.BeyondForm()
}

func (r *reader) noEvents(op *Operation, at diag.Pos, what string) {
	op.Unsupported.Add(diag.Diagnostic{
		Pos: at, Rule: rules.Sequence, Message: what + " are not supported, and would not be checked",
		Advice: "leave them out, or make the item the data of the event: a schema without a member called data",
	})
}
