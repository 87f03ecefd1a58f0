package problem_test

import (
	"errors"
	"fmt"

	"github.com/bailey-go/bailey/runtime/problem"
)

// A handler returns a problem as an error, and the server sends it as it is.
func ExampleProblem() {
	var err error = &problem.Problem{
		Type: "https://api.example/problems/closed", Title: "The account is closed", Status: 409,
	}
	if p, ok := errors.AsType[*problem.Problem](err); ok {
		fmt.Println(string(p.Append(nil)))
	}
	// Output: {"type":"https://api.example/problems/closed","title":"The account is closed","status":409}
}

// Wrong: a status that is no error. It is sent as 500, so that a mistake is no success.
func ExampleProblem_Append() {
	p := &problem.Problem{Status: 200}
	fmt.Println(string(p.Append(nil)))
	// Output: {"type":"about:blank","title":"Internal Server Error","status":500}
}
