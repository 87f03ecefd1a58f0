// Package spell finds the word that a misspelled one was meant to be.
package spell

import (
	"cmp"
	"slices"
)

// Like is the word of a list that is most like the given one, or "" when none is.
func Like(written string, words []string) string {
	if len(words) == 0 || len(written) > 64 {
		return ""
	}
	best := slices.MinFunc(words, func(a, b string) int {
		return cmp.Compare(Edits(written, a), Edits(written, b))
	})
	if Edits(written, best) > max(1, min(3, len(best)/2)) {
		return ""
	}
	return best
}

// Edits is the Levenshtein distance of two short texts.
func Edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
