// Package dedupe makes one of the types, replies and functions of a generated package that are equal.
package dedupe

import (
	"hash/maphash"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/model"
)

// Types makes one type of those that are equal and only named after their places: large
// documents write the same inline schema hundreds of times. The one with the shortest name
// keeps its declaration and functions, the others become aliases of it, so that the name of a
// place does not depend on other types. A type that the document names stays a type of
// its own.
func Types(api *model.API) {
	var list []*model.Type
	listed := map[*model.Type]bool{}
	for _, t := range slices.Concat(api.Types, api.Funcs) {
		if !listed[t] && !t.Own {
			listed[t] = true
			list = append(list, t)
		}
	}
	classes := equal(list, func(bytes int) { api.Cost.Spend(cost.Share, bytes, diag.Pos{}) })
	kept := map[uint64]*model.Type{}
	for i, t := range list {
		if k := kept[classes[i]]; k == nil || len(t.Name.String()) < len(k.Name.String()) {
			kept[classes[i]] = t
		}
	}
	for i, t := range list {
		if k := kept[classes[i]]; k != t {
			k.Take(t)
		}
	}
	gone := func(t *model.Type) bool { return t.Shared != nil }
	api.Types, api.Funcs = slices.DeleteFunc(api.Types, gone), slices.DeleteFunc(api.Funcs, gone)
}

// perPart is the cost of a look at a part of a type, as bytes.
const perPart = 16

// equal returns the class of each type: the same number for types that are equal, and whose
// parts are. Classes begin with what types say themselves and are split by the classes of
// their parts until nothing changes, as automata are minimised; so recursion is no matter.
func equal(list []*model.Type, spend func(bytes int)) []uint64 {
	seed := maphash.MakeSeed()
	index := make(map[*model.Type]int, len(list))
	for i, t := range list {
		index[t] = i
	}
	texts := make([]uint64, len(list))
	says, classes := make([]identity, len(list)), make([]uint64, len(list))
	for i, t := range list {
		says[i] = identityOfType(t)
		spend(len(says[i].text))
		texts[i] = maphash.String(seed, says[i].text)
	}
	for before := 0; ; {
		next := make([]uint64, len(list))
		found := map[uint64]bool{}
		for i, id := range says {
			var h maphash.Hash
			h.SetSeed(seed)
			maphash.WriteComparable(&h, texts[i])
			spend(perPart * (1 + len(id.parts)))
			for _, part := range id.parts {
				if at, ok := index[part]; ok {
					maphash.WriteComparable(&h, classes[at])
				} else {
					maphash.WriteComparable(&h, part) // named by the document: itself
				}
			}
			next[i] = h.Sum64()
			found[next[i]] = true
		}
		classes = next
		if len(found) == before {
			return classes
		}
		before = len(found)
	}
}
