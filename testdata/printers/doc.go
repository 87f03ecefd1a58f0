// Package printers has only tests: masked values in printers, encoders and comparers of other
// modules.
package printers
