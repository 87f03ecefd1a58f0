package operations

import (
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// sequence is the type of a stream of items: an iterator, so that no more than one item is
// in memory.
func (b *Builder) sequence(m *openapi.Media, at types.Place) *model.Type {
	elem := b.TypeOf(m.Items, at)
	b.AsItem(elem, at.Name)
	return &model.Type{Kind: model.Sequence, Elem: elem, MaxItems: -1, Events: m.Events}
}
