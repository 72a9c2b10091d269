"""What the images are made of, and the watchman that travels in them."""
