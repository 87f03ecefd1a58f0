package access

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

func RatesOf(rates []policy.Rate) []model.RateView {
	var out []model.RateView
	for _, r := range rates {
		view := model.RateView{
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
