"""What commands print while they train: plain lines, or drawn on a terminal."""
