package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// RateView is one rate limit.
type RateView struct {
	Name, Limit, Window, Burst, Per, Cost gosrc.Literal
	Scope                                 gosrc.Expr // a gen.RateScope
}

func ratesOf(rates []policy.Rate) []RateView {
	var out []RateView
	for _, r := range rates {
		view := RateView{
			Name: gosrc.Quote(r.Name), Limit: gosrc.Int(int64(r.Limit)), Window: gosrc.Duration(r.Window),
			Burst: gosrc.Int(int64(r.Burst)), Per: gosrc.Quote(r.Per), Cost: gosrc.Int(int64(max(r.Cost, 1))),
			Scope: gosrc.Raw("gen.OperationScope"),
		}
		switch r.Scope {
		case policy.RatePath:
			view.Scope = gosrc.Raw("gen.PathScope")
		case policy.RateDocument:
			view.Scope = gosrc.Raw("gen.DocumentScope")
		}
		out = append(out, view)
	}
	return out
}
