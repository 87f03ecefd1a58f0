package generator

import "github.com/bailey-go/bailey/generator/internal/emit"

// Check generates the package in memory and compares it with the one in cfg.Output. It
// returns a unified diff from what is there to what would be generated, "" when the
// package is what the document says, whoever wrote it. Nothing is written.
//
// The result and the error are those of Render; the folder may be missing, but what
// Generate would refuse to replace is an error here too.
func Check(cfg Config) (string, *Result, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return "", nil, err
	}
	res, err := render(cfg)
	if err != nil {
		return "", res, err
	}
	diff, err := emit.Diff(cfg.Output, res.emitted())
	return diff, res, err
}
