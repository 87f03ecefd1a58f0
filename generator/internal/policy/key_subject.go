package policy

import "github.com/bailey-go/bailey/generator/internal/load"

// subjectKey says whom the subjects of a scheme name. Beside other schemes in one requirement, a
// scheme whose subjects are clients need not agree with them.
func subjectKey() key {
	return key{
		name: "subject", on: onScheme,
		says:   "whom the scheme's subjects name: the caller, or the client that the caller uses",
		schema: `{"enum": ["caller", "client"]}`,
		read: func(r *reader, n *load.Node) any {
			switch word, _ := r.choice(n, "x-bailey-subject", "caller", "client"); word {
			case "caller":
				return false
			case "client":
				return true
			}
			return nil
		},
	}
}
