package wire_test

import (
	"fmt"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

type point struct{ X, Y int32 }

var keysPoint = wire.NewKeys([]string{"x", "y"}, nil)

func decodePoint(d *wire.Decoder, v *point) {
	var seen uint64
	for f := d.Object(keysPoint, wire.Refuse); f >= 0; f = d.Next(keysPoint, f) {
		if !d.First(&seen, f) {
			continue
		}
		switch f {
		case 0: // x
			v.X = d.Int32()
			if v.X < 0 {
				d.Refuse("minimum is less than 0")
			}
		case 1: // y
			v.Y = d.Int32()
		}
	}
	d.Require(seen, 0b11, keysPoint)
}

// How generated code reads a body: the violations come all at once, each with
// the place it is at.
func ExampleDecoder() {
	var d wire.Decoder
	var points []point
	d.Reset(`[{"x":1,"y":2},{"x":-1,"y":"2","z":3},{"y":4}]`, wire.Limits{})
	wire.Array(&d, &points, 100, decodePoint)
	d.End()
	if err, ok := d.Err().(*wire.Invalid); ok {
		for _, v := range err.Violations {
			fmt.Println(v.Pointer, v.Keyword+":", v.Detail)
		}
	}
	// Output:
	// /1/x minimum: is less than 0
	// /1/y type: is not of the type that the schema asks for
	// /1/z additionalProperties: is not a member that the schema names
	// /2 required: lacks the member "x"
}
