"""Charts in house style: the frame of a figure, its axes, the forms that recur."""
