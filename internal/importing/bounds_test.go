package importing

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
)

// First review: C7.
func TestAnAddressOfAFileIsOneThatTheAPITakes(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	addresses := 0
	for name, schema := range document.Components.Schemas {
		if email := schema.Value.Properties["email"]; email != nil && email.Value.Pattern != "" {
			require.Equal(t, email.Value.Pattern, emailPattern.String(), name)
			require.EqualValues(t, longestEmail, *email.Value.MaxLength, name)
			addresses++
		}
	}
	require.NotZero(t, addresses)
}
