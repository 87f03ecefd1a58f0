package gen

import (
	"fmt"
	"reflect"
)

// Nils looks into the interfaces that a configuration takes, also below structs: cfg points to it. Those
// that hold a nil pointer, map, function, channel or slice, whose methods would fail when a request
// comes, are emptied and named in the result, which is Setup.Nils.
func Nils(cfg any) []string {
	v := reflect.ValueOf(cfg)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	return nils(v.Elem(), "Config")
}

func nils(v reflect.Value, name string) (found []string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			at := name + "." + f.Name
			if f.Anonymous {
				at = name
			}
			found = append(found, nils(v.Field(i), at)...)
		}
	case reflect.Interface:
		if v.IsNil() || There(v.Interface()) {
			return nil
		}
		found = append(found, fmt.Sprintf("%s is a nil %s", name, v.Elem().Type()))
		v.SetZero()
	}
	return found
}
