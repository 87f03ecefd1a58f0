package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// FitView is one gen.Fit.
type FitView struct {
	In, Name, Index, Pattern, Texts gosrc.Literal

	HasIndex, HasTexts, HasPattern bool
	Absent, Optional, Not          bool

	Key string
}
