package wire

import (
	"time"

	"github.com/bailey-go/bailey/runtime/types"
)

// The functions below are items for [Array], [Map], [AppendArray] and
// [AppendMap].

// DecodeString reads a string.
func DecodeString(d *Decoder, v *string) { *v = d.String() }

// DecodeBool reads a boolean.
func DecodeBool(d *Decoder, v *bool) { *v = d.Bool() }

// DecodeInt32 reads an integer of 32 bits.
func DecodeInt32(d *Decoder, v *int32) { *v = d.Int32() }

// DecodeInt64 reads an integer of 64 bits.
func DecodeInt64(d *Decoder, v *int64) { *v = d.Int64() }

// DecodeUint32 reads an unsigned integer of 32 bits.
func DecodeUint32(d *Decoder, v *uint32) { *v = d.Uint32() }

// DecodeUint64 reads an unsigned integer of 64 bits.
func DecodeUint64(d *Decoder, v *uint64) { *v = d.Uint64() }

// DecodeFloat32 reads a number as a float32.
func DecodeFloat32(d *Decoder, v *float32) { *v = d.Float32() }

// DecodeFloat64 reads a number as a float64.
func DecodeFloat64(d *Decoder, v *float64) { *v = d.Float64() }

// DecodeNumber reads a number as its exact text.
func DecodeNumber(d *Decoder, v *string) { *v = d.Number() }

// DecodeUUID reads a UUID.
func DecodeUUID(d *Decoder, v *types.UUID) { *v = d.UUID() }

// DecodeTime reads a date-time.
func DecodeTime(d *Decoder, v *time.Time) { *v = d.Time() }

// DecodeDate reads a full-date.
func DecodeDate(d *Decoder, v *types.Date) { *v = d.Date() }

// DecodeBytes reads base64.
func DecodeBytes(d *Decoder, v *[]byte) { *v = d.Bytes() }

// DecodeRaw reads any value.
func DecodeRaw(d *Decoder, v *Raw) { *v = d.Raw() }

// EncodeString appends a string.
func EncodeString(_ *Encoder, b []byte, v *string) []byte { return AppendString(b, *v) }

// EncodeBool appends a boolean.
func EncodeBool(_ *Encoder, b []byte, v *bool) []byte { return AppendBool(b, *v) }

// EncodeInt32 appends an integer.
func EncodeInt32(_ *Encoder, b []byte, v *int32) []byte { return AppendInt64(b, int64(*v)) }

// EncodeInt64 appends an integer.
func EncodeInt64(_ *Encoder, b []byte, v *int64) []byte { return AppendInt64(b, *v) }

// EncodeUint32 appends an unsigned integer.
func EncodeUint32(_ *Encoder, b []byte, v *uint32) []byte { return AppendUint64(b, uint64(*v)) }

// EncodeUint64 appends an unsigned integer.
func EncodeUint64(_ *Encoder, b []byte, v *uint64) []byte { return AppendUint64(b, *v) }

// EncodeFloat32 appends a number. What is not [Finite] is refused.
func EncodeFloat32(e *Encoder, b []byte, v *float32) []byte {
	if !Finite(float64(*v)) {
		e.Refuse(b, "type")
	}
	return AppendFloat32(b, *v)
}

// EncodeFloat64 appends a number. What is not [Finite] is refused.
func EncodeFloat64(e *Encoder, b []byte, v *float64) []byte {
	if !Finite(*v) {
		e.Refuse(b, "type")
	}
	return AppendFloat64(b, *v)
}

// EncodeNumber appends a number by its text. Another text is refused.
func EncodeNumber(e *Encoder, b []byte, v *string) []byte {
	if !isNumber(*v) {
		e.Refuse(b, "type")
	}
	return AppendNumber(b, *v)
}

// EncodeUUID appends a UUID.
func EncodeUUID(_ *Encoder, b []byte, v *types.UUID) []byte { return AppendUUID(b, *v) }

// EncodeTime appends a date-time. What does not fit one ([TimeFits]) is refused.
func EncodeTime(e *Encoder, b []byte, v *time.Time) []byte {
	if !TimeFits(*v) {
		e.Refuse(b, "format")
	}
	return AppendTime(b, *v)
}

// EncodeDate appends a full-date. A year that has not four digits is refused.
func EncodeDate(e *Encoder, b []byte, v *types.Date) []byte {
	if !TimeFits(v.Time) {
		e.Refuse(b, "format")
	}
	return AppendDate(b, *v)
}

// EncodeBytes appends base64.
func EncodeBytes(_ *Encoder, b []byte, v *[]byte) []byte { return AppendBytes(b, *v) }

// EncodeRaw appends any value by its text. A text that is not well-formed is
// refused.
func EncodeRaw(e *Encoder, b []byte, v *Raw) []byte {
	if *v == "" {
		return append(b, "null"...)
	}
	if v.Check() != nil {
		e.Refuse(b, "type")
		return append(b, "null"...)
	}
	return append(b, *v...)
}
