class R:
    text = ""
    confidence = 0.0


def read_picture(p):
    return R
