package types_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/types"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"2026-03-01": true, "2024-02-29": true, "0000-01-01": true, "9999-12-31": true, "1900-02-28": true,
		"2023-02-29": false, "1900-02-29": false, "2026-13-01": false, "2026-00-01": false, "2026-01-00": false, "2026-04-31": false,
		"": false, "2026-3-1": false, "26-03-01": false, "+2026-03-01": false, "10000-01-01": false, " 2026-03-01": false, "2026-03-01 ": false,
		"2026-03-01T00:00:00Z": false, "2026/03/01": false, "2026-03-0１": false,
	} {
		d, err := types.ParseDate(text)
		if (err == nil) != ok {
			t.Errorf("%q: got %v, %v", text, d, err)
		}
		if ok && (d.String() != text || d.Location() != time.UTC || d.Hour() != 0) {
			t.Errorf("%q: got %v", text, d.Time)
		}
	}
}

// The methods that Date has from time.Time write a date everywhere, and not a date-time.
func TestDateText(t *testing.T) {
	t.Parallel()
	day := types.DateOf(time.Date(2026, 3, 1, 23, 30, 0, 0, time.FixedZone("", -8*3600)))
	if day != types.NewDate(2026, 3, 1) {
		t.Errorf("got %v", day.Time)
	}
	all := struct {
		Value types.Date                `json:"value"`
		Ptr   *types.Date               `json:"ptr"`
		Keys  map[types.Date]types.Date `json:"keys"`
	}{day, &day, map[types.Date]types.Date{day: day}}
	const want = `{"value":"2026-03-01","ptr":"2026-03-01","keys":{"2026-03-01":"2026-03-01"}}`
	got, err := json.Marshal(all)
	if err != nil || string(got) != want {
		t.Fatalf("got %s, %v, want %s", got, err, want)
	}
	again := all
	again.Value, again.Ptr, again.Keys = types.Date{}, nil, nil
	if err := json.Unmarshal(got, &again); err != nil || again.Value != day || *again.Ptr != day || again.Keys[day] != day {
		t.Errorf("got %+v, %v", again, err)
	}
	if text, err := day.AppendText([]byte("x")); err != nil || string(text) != "x2026-03-01" {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestDateErrors(t *testing.T) {
	t.Parallel()
	for _, year := range []int{-1, 10000} {
		if text, err := json.Marshal(types.NewDate(year, 1, 1)); err == nil {
			t.Errorf("the year %d is written: %s", year, text)
		}
	}
	day := types.NewDate(2026, 3, 1)
	for _, text := range []string{`""`, `5`, `"2026-3-1"`, `"2026-02-30"`, `{}`, `["2026-03-01"]`, `"2026-03-01T00:00:00Z"`} {
		if err := json.Unmarshal([]byte(text), &day); err == nil {
			t.Errorf("%s is read as %v", text, day)
		}
	}
	if err := json.Unmarshal([]byte("null"), &day); err != nil || day != types.NewDate(2026, 3, 1) {
		t.Errorf("null: got %v, %v", day, err)
	}
}
