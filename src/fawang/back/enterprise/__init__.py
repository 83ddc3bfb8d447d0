"""Legal services for enterprises (企业法律服务): health check, advice, contract review, complaints to pass on."""
