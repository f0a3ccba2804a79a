"""Workers without the fence: any worker may write to any run. What the checks must find out."""

from complaints.management.killing import nursery

IMPORTED = ("tests.kills.no_fence", *nursery.IMPORTED)

if __name__ == "__main__":
    nursery.serve(IMPORTED)
