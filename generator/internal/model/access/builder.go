// Package access makes what an operation asks of those who call: its policy, the schemes, owner rules,
// authorizers, and the type of the caller.
package access

import (
	"github.com/bailey-go/bailey/generator/internal/model/types"
)

// Builder builds what operations ask of those who call.
type Builder struct {
	*types.Builder
	usedSchemes map[string]bool
}

func New(b *types.Builder) *Builder { return &Builder{b, map[string]bool{}} }
