package schema

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode"
)

// property reads \p{...} and returns what stands for it inside a class of RE2. The names are
// those of ECMA 262 (22.2.1, tables 67 to 70) with their case. A script without "Script=" is
// taken as well, since it has only one meaning.
//
// RE2 has general categories and most scripts. Binary properties become ranges where package
// unicode has their data. The Unicode version of a name is that of the Go release that compiles
// the server; of ranges, that compiles the generator.
func (e *ecma) property(c rune) (string, error) {
	end := strings.IndexByte(e.src[e.at:], '}')
	if !strings.HasPrefix(e.src[e.at:], "{") || end < 2 {
		return "", fmt.Errorf(`\%c is not followed by {name}`, c)
	}
	name := e.src[e.at+1 : e.at+end]
	e.at += end + 1
	set, err := propertySet(name)
	switch {
	case err != nil:
		return "", fmt.Errorf(`\%c{%s}: %w`, c, name, err)
	case c == 'p':
		return set, nil
	case strings.HasPrefix(set, `\p{`) && strings.Count(set, `\`) == 1 && !e.flags:
		return `\P` + set[2:], nil
	}
	// With the i flag ECMA 262 folds the letters of the complement; package regexp takes
	// the complement of the folded letters.
	set = ranges("[^" + set + "]")
	if set == "" {
		return "", fmt.Errorf(`\%c{%s} matches nothing`, c, name)
	}
	return set, nil
}

var errProperty = errors.New("ECMA 262 has no such property; names have case, such as L, Letter, Script=Greek")

// propertySet returns what a property's name stands for inside a class of RE2.
func propertySet(name string) (string, error) {
	key, value, pair := strings.Cut(name, "=")
	switch {
	case !pair:
		if set, ok := category(key); ok {
			return set, nil
		}
		if b, ok := binaryProperties[key]; ok {
			return b.ranges(), nil
		}
		if isScript(key) {
			set, _ := script(key)
			return set, nil
		}
		if strings.Contains(withoutData, " "+key+" ") {
			return "", errors.New("package unicode has no data of this property; write its characters as ranges")
		}
	case key == "General_Category" || key == "gc":
		if set, ok := category(value); ok {
			return set, nil
		}
	case key == "Script" || key == "sc":
		if set, ok := script(value); ok {
			return set, nil
		}
	case key == "Script_Extensions" || key == "scx":
		if _, ok := script(value); ok {
			return "", errors.New("package unicode has no script extensions; write Script=" + value)
		}
	}
	return "", errProperty
}

// category returns the class of a general category. RE2's names of them have no case, so
// that they are compared here.
func category(name string) (string, bool) {
	if long, ok := unicode.CategoryAliases[name]; ok {
		name = long
	}
	_, ok := unicode.Categories[name]
	return `\p{` + name + `}`, ok
}

// script returns the class of a script, by its long name or one of its codes. Package regexp
// of Go 1.25 and 1.26 does not find scripts whose names have more than one capital letter:
// those become ranges.
func script(name string) (string, bool) {
	long, ok := scriptNames[name]
	if !ok {
		if !isScript(name) {
			return "", false
		}
		long = name
	}
	if strings.ToLower(long[1:]) != long[1:] || strings.Contains(long, "_") {
		return ranges("[" + characters(unicode.Scripts[long]) + "]"), true
	}
	return `\p{` + long + `}`, true
}

// isScript reports whether name is the long name of a script.
func isScript(name string) bool {
	for _, long := range scriptNames {
		if name == long {
			return true
		}
	}
	return false
}

// binaryProperty is a property that package unicode has the data of: the characters of some classes
// and tables, without those of others (DerivedCoreProperties.txt of Unicode says which).
type binaryProperty struct{ with, without string }

// ranges returns the property inside a class of RE2.
func (b binaryProperty) ranges() string {
	with, without := tables(b.with), tables(b.without)
	switch {
	case without == "":
		return ranges("[" + with + "]")
	}
	// with and not without: the complement of (not with) and without.
	return ranges("[^" + ranges("[^"+with+"]") + without + "]")
}

// tables writes the names of general categories and of tables of package unicode as a class.
func tables(names string) string {
	var out strings.Builder
	for _, name := range strings.Fields(names) {
		if table := unicode.Properties[name]; table != nil {
			out.WriteString(characters(table))
			continue
		}
		out.WriteString(name) // in RE2's syntax already
	}
	return out.String()
}

// characters lists a table's ranges.
func characters(table *unicode.RangeTable) string {
	var out strings.Builder
	list := func(low, high, stride uint32) {
		if stride == 1 {
			out.WriteString(quoted(rune(low)) + "-" + quoted(rune(high)))
			return
		}
		for c := low; c <= high; c += stride {
			out.WriteString(quoted(rune(c)))
		}
	}
	for _, r := range table.R16 {
		list(uint32(r.Lo), uint32(r.Hi), uint32(r.Stride))
	}
	for _, r := range table.R32 {
		list(r.Lo, r.Hi, r.Stride)
	}
	return out.String()
}

// ranges returns the content of a class of RE2 as ranges of characters, "" for none.
func ranges(class string) string {
	tree, err := syntax.Parse(class, syntax.Perl)
	if err != nil {
		return ""
	}
	var pairs []rune
	switch tree.Op {
	case syntax.OpCharClass:
		pairs = tree.Rune
	case syntax.OpAnyChar:
		pairs = []rune{0, unicode.MaxRune}
	case syntax.OpLiteral:
		pairs = []rune{tree.Rune[0], tree.Rune[0]}
	}
	var out strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if out.WriteString(quoted(pairs[i])); pairs[i] != pairs[i+1] {
			out.WriteString("-" + quoted(pairs[i+1]))
		}
	}
	return out.String()
}
