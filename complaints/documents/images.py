from complaints.documents.errors import UnreadableFileError


def render_page(page, limits):
    return None


def is_small(data):
    return False


def read_image(data, limits):
    raise UnreadableFileError("unsupported", "x")
