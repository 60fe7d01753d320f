package procedure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/procedure"
)

// First review: F4.
func TestAPatternIsShownByAnExample(t *testing.T) {
	for pattern, want := range map[string]string{
		`^([A-Z0-9]{10,14}|no parcel)$`:        "1234567890",
		`^[0-9A-Z]{1,4}(-[0-9A-Z]{1,5}){1,3}$`: "1-2",
		`^SF\d{12}$`:                           "SF123456789012",
		`^[A-Z]{2}-?\d+$`:                      "AB1",
		`^(无|[一-龥]{2,4})$`:                     "无",
		`^[^0-9]{3}$`:                          "ABC",
		`.+@.+`:                                "A@B",
		`^[a-c]$`:                              "a",
		`^x{0,3}y*$`:                           "",
		`[`:                                    "",
	} {
		require.Equal(t, want, procedure.PatternExample(pattern), pattern)
	}
}
