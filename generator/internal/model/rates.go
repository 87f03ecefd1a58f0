package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// RateView is one rate limit.
type RateView struct {
	Name, Limit, Window, Burst, Per, Cost gosrc.Literal
	Scope                                 gosrc.Expr // a gen.RateScope
	// LimitFrom and BurstFrom are the fields of Config that give the numbers.
	LimitFrom, BurstFrom       gosrc.Literal
	HasLimitFrom, HasBurstFrom bool
}
