"""Operations: what brings the product up and keeps it alive. The product never imports it."""
