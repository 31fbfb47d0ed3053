"""The few words of some trades: what a clinic, a bill, a chat or a plan of a service is described with."""

WORDS: dict[str, tuple[str, ...]] = {
    "card brand": ("visa", "mastercard", "amex", "discover", "diners", "jcb"),
    "address label": ("Home", "Work", "Billing", "Parents", "Office", "Holiday home"),
    "house number": (*(str(n) for n in range(1, 121)), "2a", "7a", "11b", "14a", "23c"),
    "school year": ("2025/2026", "2024/2025", "2023/2024"),
    "platform": ("ios", "android", "web", "windows", "macos", "linux"),
    "emoji": (":thumbsup:", ":heart:", ":joy:", ":tada:", ":eyes:", ":fire:", ":pray:", ":wave:", ":rocket:"),
    "scope": ("read", "write", "admin", "orders:read", "orders:write", "users:read", "billing:read", "webhooks:write"),
    "decline code": (
        "card_declined", "insufficient_funds", "expired_card", "incorrect_cvc", "processing_error", "do_not_honor",
    ),
    "decline": (
        "Your card was declined.", "Your card has insufficient funds.", "Your card has expired.",
        "The security code is incorrect.", "An error occurred while processing the card. Try again later.",
    ),
    "usage": ("api_calls", "storage_gb", "seats", "bandwidth_gb", "emails_sent", "build_minutes"),
    "plan": ("Free", "Starter", "Basic", "Pro", "Team", "Business", "Enterprise", "Pro Annual", "Team Annual"),
    "plan code": ("free", "starter", "basic", "pro", "team", "business", "enterprise", "pro-annual", "team-annual"),
    "line item": (
        "Pro plan, monthly", "Additional seats", "Starter plan, monthly", "Setup fee", "Support hours",
        "Data transfer", "Business plan, yearly", "Storage", "Consulting", "Domain renewal", "Training", "Discount",
    ),
    "offer": (
        "10% off your first order", "Free shipping over 50", "Summer sale", "20% off for members", "Welcome back",
        "Black Friday", "Refer a friend", "5 off for subscribers", "Spring clearance", "Birthday discount",
    ),
    "channel": (
        "general", "random", "engineering", "support", "design", "marketing", "sales", "announcements", "help",
        "product", "data", "operations", "hiring", "finance", "releases", "incidents", "frontend", "backend", "mobile",
        "office", "music", "books", "running", "lunch", "travel", "pets", "feedback", "roadmap", "legal", "events",
    ),
    "message type": ("text", "image", "file", "system"),
    "blood type": ("O+", "A+", "B+", "O-", "A-", "AB+", "B-", "AB-"),
    "specialty": (
        "General Practice", "Internal Medicine", "Paediatrics", "Cardiology", "Dermatology", "Orthopaedics",
        "Neurology", "Gynaecology", "Radiology", "Psychiatry", "Ophthalmology", "Oncology",
    ),
    "medication": (
        "Amoxicillin", "Ibuprofen", "Metformin", "Atorvastatin", "Lisinopril", "Omeprazole", "Amlodipine",
        "Levothyroxine", "Salbutamol", "Paracetamol", "Sertraline", "Losartan", "Prednisolone", "Cetirizine",
    ),
    "dosage": ("500 mg", "200 mg", "10 mg", "20 mg", "5 mg", "1 tablet", "2 puffs", "250 mg", "50 mcg", "5 ml"),
    "frequency": ("once daily", "twice daily", "three times daily", "every 8 hours", "at bedtime", "as needed"),
    "lab test": (
        "Haemoglobin", "Glucose", "Creatinine", "Cholesterol", "HbA1c", "TSH", "Potassium", "Sodium", "CRP", "ALT",
        "Ferritin", "Vitamin D",
    ),
    "allergy": ("penicillin", "pollen", "peanuts", "latex", "dust mites", "shellfish", "nickel", "lactose"),
    "diagnosis": (
        "Essential hypertension", "Type 2 diabetes mellitus", "Acute upper respiratory infection", "Low back pain",
        "Migraine without aura", "Asthma", "Gastritis", "Atopic dermatitis", "Anxiety disorder", "Urinary infection",
        "Iron deficiency anaemia", "Sprain of ankle",
    ),
    "visit": (
        "Annual check-up", "Follow-up", "Headache", "Cough and fever", "Back pain", "Blood test", "Vaccination",
        "Skin rash", "Prescription renewal", "Knee pain", "Chest pain", "Consultation",
    ),
    "instruction": (
        "Take with food.", "Do not take with alcohol.", "Take in the morning.", "Finish the whole course.",
        "Avoid direct sunlight.", "Take with plenty of water.",
    ),
    "reference range": ("3.5 - 5.1", "0.7 - 1.2", "< 5.7", "13.5 - 17.5", "70 - 99", "135 - 145", "< 200", "0.4 - 4.0"),
    "salutation": ("Ms", "Mr", "Mx", "Dr"),
    "subject": (
        "Mathematics", "English", "Biology", "History", "Physics", "Chemistry", "Geography", "Music", "Art", "Sports",
        "Computer Science", "French", "Economics", "Philosophy", "German", "Spanish",
    ),
    "room type": (
        "Double room", "Single room", "Twin room", "Family room", "Suite", "Studio", "Apartment", "Dormitory",
        "Double room with balcony", "Suite with sea view",
    ),
    "maker": (
        "Volkswagen", "Mercedes-Benz", "Ford", "MAN", "Volvo", "Scania", "Renault", "Toyota", "DAF", "Iveco", "Fiat",
        "BMW", "Opel", "Peugeot",
    ),
    "licence class": ("B", "C", "CE", "C1", "C1E", "BE", "D"),
    "grading": ("exam", "quiz", "homework", "oral", "project"),
}  # fmt: skip
"""The common ones first, by what columns they are for (see ``meanings``)."""
