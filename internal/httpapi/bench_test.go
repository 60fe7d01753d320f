package httpapi_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// BenchmarkStep measures what the API adds to a step: everything but Temporal.
func BenchmarkStep(b *testing.B) {
	r, _ := rig.Standing(b)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	token := header{"Authorization": "Bearer " + r.Token(rig.Dispatcher)}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a := r.PostRaw("/v1/complaints/"+number+"/steps/screen", "", `{"kind":"complaint","valid":true,"category":"operations.mistake"}`, token)
		require.Equal(b, 200, a.Status)
	}
}

// BenchmarkRegister measures what the API adds to a registration.
func BenchmarkRegister(b *testing.B) {
	r, _ := rig.Standing(b)
	token := header{"Authorization": "Bearer " + r.Token(rig.Dispatcher)}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		said := rig.Parcel()
		said["narrative"] = "Complaint " + strconv.Itoa(i)
		require.Equal(b, 201, r.Post("/v1/complaints", "", said, token).Status)
	}
}

// BenchmarkRead measures reading a complaint.
func BenchmarkRead(b *testing.B) {
	r, _ := rig.Standing(b)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	token := header{"Authorization": "Bearer " + r.Token(rig.Dispatcher)}
	b.ReportAllocs()
	for b.Loop() {
		require.Equal(b, 200, r.Get("/v1/complaints/"+number, "", token).Status)
	}
}
