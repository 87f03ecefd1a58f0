// Package types holds the Go types of string formats that the standard library has no type for.
// Generated models use them.
package types

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// UUID is the type of format uuid: 16 bytes, as package google/uuid has them, so that values of other
// packages fit without conversion. Documents are read strictly: 36 characters, in either case.
type UUID = uuid.UUID

// DateFormat is the layout of a Date for [time.Parse].
const DateFormat = "2006-01-02"

// Date is the type of format date: a full-date (RFC 3339, section 5.6), from 0000-01-01 to 9999-12-31. Its
// Time is midnight UTC; only the year, month and day of it are ever written. The zero value is
// 0001-01-01, as the zero value of [time.Time] is.
type Date struct {
	time.Time
}

// NewDate returns a date. Values outside of their range are normalized, as [time.Date] does.
func NewDate(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// DateOf returns the date of t in t's own location.
func DateOf(t time.Time) Date { return NewDate(t.Date()) }

// ParseDate reads a full-date: four digits, two and two, of a day that the calendar has. The error does
// not repeat the text.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(DateFormat, s)
	if err != nil || len(s) != len(DateFormat) {
		return Date{}, fmt.Errorf("not a full-date of RFC 3339 (%s)", DateFormat)
	}
	return Date{t}, nil
}

// String returns the date as 2006-01-02.
func (d Date) String() string { return d.Format(DateFormat) }

// AppendText appends the date as 2006-01-02. The error is of a year that has not four digits.
func (d Date) AppendText(b []byte) ([]byte, error) {
	if y := d.Year(); y < 0 || y > 9999 {
		return b, fmt.Errorf("the year %d has not four digits", y)
	}
	return d.AppendFormat(b, DateFormat), nil
}

// MarshalText is AppendText to a new slice.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads a date as [ParseDate] does. With an error it leaves d as it is.
func (d *Date) UnmarshalText(text []byte) error {
	v, err := ParseDate(string(text))
	if err == nil {
		*d = v
	}
	return err
}

// MarshalJSON returns the date as a JSON string.
func (d Date) MarshalJSON() ([]byte, error) {
	b, err := d.AppendText([]byte{'"'})
	if err != nil {
		return nil, err
	}
	return append(b, '"'), nil
}

// UnmarshalJSON reads a JSON string as [ParseDate] does, without escapes: a date needs none. With null or
// an error it leaves d as it is; null is no error, as in package encoding/json.
func (d *Date) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	if len(text) != len(DateFormat)+2 || text[0] != '"' || text[len(text)-1] != '"' {
		return fmt.Errorf("not a JSON string of a full-date (%s)", DateFormat)
	}
	return d.UnmarshalText(text[1 : len(text)-1])
}
