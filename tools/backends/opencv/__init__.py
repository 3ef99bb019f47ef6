"""What the OpenCV backends do inside a worker: aligning two images, finding what changed, reading diagrams."""
