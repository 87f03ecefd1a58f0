package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// RateView is one rate limit.
type RateView struct {
	Name, Limit, Window, Burst, Per, Cost gosrc.Literal
	Scope                                 gosrc.Expr // a gen.RateScope
}
