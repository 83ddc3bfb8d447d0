"""The hotline's console (12348 热线坐席): take a call, write while listening, answer or make an order, next."""
